import FaceDetection
import FaceImages
import FaceqSupport
import Testing

/// The whole search with a function in the network's place that finds white squares.
struct SearchFacesTests {
  private let form: DetectorForm

  init() throws { form = try #require(DetectorForm(outputs: [(8, 1), (8, 4), (8, 10)])) }

  /// Each found once, at its place, whatever size it was seen at and on whatever border it lies.
  @Test(arguments: [nil, 16, 40] as [Int?])
  func squares(minimumFace: Int?) throws {
    var squares: [(x: Int, y: Int, side: Int)] = [(40, 30, 1400), (1500, 40, 700), (2300, 60, 250)]
    for (index, side) in [110, 64, 90, 130, 120, 80, 100, 70].enumerated() {
      squares.append((1500 + 180 * index, 960, side))
      squares.append((40 + 160 * index, 1500 + 60 * (index % 2), side))
      squares.append((1940 + 200 * (index % 4), 1180 + 200 * (index / 4), side))
    }
    let photo = picture(width: 3100, height: 1800, squares)
    let settings = SearchSettings(minimumFace: minimumFace)
    let faces = try searchFaces(in: photo, form: form, rule: form.rule, settings: settings, outputs: squaresFound)
    #expect(faces.count == squares.count)
    for (x, y, side) in squares {
      // Pixels are counted by their centres.
      let found = faces.filter {
        let tolerance = max(3, Float(side) / 12)
        return abs($0.box.left - (Float(x) - 0.5)) < tolerance && abs($0.box.top - (Float(y) - 0.5)) < tolerance
          && abs($0.box.width - Float(side)) < tolerance && abs($0.landmarks[2].x - $0.box.left) < 0.01
      }
      #expect(found.count == 1, "\(x), \(y), \(side)")
    }
  }

  /// At its own size nothing is moved at all.
  @Test func ownSize() throws {
    let faces = try searchFaces(
      in: picture(width: 300, height: 200, [(17, 33, 50)]), form: form, rule: form.rule, outputs: squaresFound)
    #expect(faces.count == 1)
    #expect(faces[0].box == FaceBox(left: 16.5, top: 32.5, right: 66.5, bottom: 82.5))
  }

  @Test func settings() throws {
    let photo = picture(width: 300, height: 200, [(17, 33, 50)])
    #expect(
      try searchFaces(
        in: photo, form: form, rule: form.rule, settings: SearchSettings(score: 0.95), outputs: squaresFound
      ).isEmpty)
  }

  @Test func errorsOfTheNetworkArePassedOn() {
    #expect(throws: FaceqError("no memory")) {
      try searchFaces(in: picture(width: 300, height: 200, []), form: form, rule: form.rule) { _ throws(FaceqError) in
        throw FaceqError("no memory")
      }
    }
  }

  private func picture(width: Int, height: Int, _ squares: [(x: Int, y: Int, side: Int)]) -> RGBImage {
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    for (x, y, side) in squares {
      for row in y..<y + side {
        for index in 3 * (row * width + x)..<3 * (row * width + x + side) { pixels[index] = 255 }
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// A face of score 0.9 in the cell of each white square's corner.
  private func squaresFound(_ input: RGBImage) -> [DetectorOutput] {
    let (rows, columns) = (input.height / 8, input.width / 8)
    var scores = [Float](repeating: 0, count: rows * columns)
    var boxes = [Float](repeating: 0, count: rows * columns * 4)
    var points = [Float](repeating: 0, count: rows * columns * 10)
    func isWhite(_ x: Int, _ y: Int) -> Bool {
      x >= 0 && y >= 0 && x < input.width && y < input.height && input.pixels[3 * (y * input.width + x)] > 127
    }
    for y in 0..<input.height {
      for x in 0..<input.width where isWhite(x, y) && !isWhite(x - 1, y) && !isWhite(x, y - 1) {
        var side = 1
        while isWhite(x + side, y) || isWhite(x, y + side) { side += 1 }
        let cell = y / 8 * columns + x / 8
        scores[cell] = 0.9
        let (left, top) = (Float(x % 8) - 0.5, Float(y % 8) - 0.5)
        let sides = [-left, -top, left + Float(side), top + Float(side)]
        for (index, distance) in sides.enumerated() { boxes[4 * cell + index] = distance / 8 }
        for index in 0..<5 {
          points[10 * cell + 2 * index] = left / 8
          points[10 * cell + 2 * index + 1] = top / 8
        }
      }
    }
    return [(1, scores), (4, boxes), (10, points)].map {
      DetectorOutput(stride: 8, rows: rows, columns: columns, channels: $0, values: $1)
    }
  }
}
