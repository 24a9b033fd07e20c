extension RGBImage {
  /// The picture with a green frame around each face and red dots on its landmarks.
  package func drawing(_ faces: [DetectedFace]) -> RGBImage {
    var canvas = Canvas(self)
    let stroke = max(1, min(width, height) / 250)
    for face in faces {
      let corners = [face.box.left, face.box.top, face.box.right, face.box.bottom].map { canvas.pixel($0) }
      let (left, top, right, bottom) = (corners[0], corners[1], corners[2], corners[3])
      for side in [
        (left, top, right, top), (left, bottom, right, bottom), (left, top, left, bottom), (right, top, right, bottom),
      ] {
        canvas.fill(
          columns: side.0 - stroke / 2..<side.2 + stroke - stroke / 2,
          rows: side.1 - stroke / 2..<side.3 + stroke - stroke / 2, colour: (0, 255, 0))
      }
      for point in face.landmarks {
        let (x, y) = (canvas.pixel(point.x), canvas.pixel(point.y))
        canvas.fill(columns: x - stroke..<x + stroke + 1, rows: y - stroke..<y + stroke + 1, colour: (255, 0, 0))
      }
    }
    return RGBImage(width: width, height: height, pixels: canvas.pixels)
  }
}

private struct Canvas {
  let width: Int
  let height: Int
  var pixels: [UInt8]

  init(_ image: RGBImage) {
    width = image.width
    height = image.height
    pixels = image.pixels
  }

  /// The pixel that is nearest to a coordinate, not far outside of the picture.
  func pixel(_ value: Float) -> Int { Int(min(max(value.rounded(), -1), Float(max(width, height)))) }

  /// Fills a rectangle with a colour; the ranges may reach outside of the picture.
  mutating func fill(columns: Range<Int>, rows: Range<Int>, colour: (red: UInt8, green: UInt8, blue: UInt8)) {
    for row in rows.clamped(to: 0..<height) {
      for column in columns.clamped(to: 0..<width) {
        let pixel = 3 * (row * width + column)
        (pixels[pixel], pixels[pixel + 1], pixels[pixel + 2]) = (colour.red, colour.green, colour.blue)
      }
    }
  }
}
