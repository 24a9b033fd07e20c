/// How many of a set of pictures look like aligned faces.
///
/// Where ArcFace's template puts them, both eyes are darker than the cheeks below them and than the bridge of the nose
/// between them (the first two features of Viola and Jones 2001). 97 % of 300 aligned faces show that, 65 % of faces
/// that were cropped and not aligned, 13 % of pieces of photos, 9 % of noise, and no plain picture.
package struct FaceLikeness: Sendable {
  package private(set) var pictures = 0
  package private(set) var faces = 0
  /// Of the pictures, those that look like aligned faces; 1 as long as there is none.
  package var share: Double { pictures > 0 ? Double(faces) / Double(pictures) : 1 }

  package init() {}

  /// - Parameter pixels: RGB [row][column][3] of a square picture.
  package mutating func add(_ pixels: [UInt8], side: Int) {
    precondition(pixels.count == side * side * 3)
    pictures += 1
    let brightness = Brightness(pixels, side: side)
    // In pixels of 112 × 112, around the template's eyes at (38.3, 51.7) and (73.5, 51.5).
    let eyes = brightness.mean(30, 46, 47, 57) + brightness.mean(65, 46, 82, 57)
    let cheeks = brightness.mean(28, 62, 45, 73) + brightness.mean(67, 62, 84, 73)
    let bridge = brightness.mean(51, 44, 61, 57)
    let margin = 0.05 * brightness.deviation
    if (cheeks - eyes) / 2 > margin, bridge - eyes / 2 > margin { faces += 1 }
  }

  /// - Returns: what is wrong where too few of at least 16 pictures look like aligned faces.
  package var finding: Finding? {
    guard pictures >= fewestFacesToJudge, share < 0.85 else { return nil }
    return Finding(
      .notFaces,
      "only \(percentText(share)) of \(pictures) pictures show eyes where an aligned face has them (aligned faces: 97 %); look "
        + "at what faceq align makes of the photos, and give photos or faces aligned to the five ArcFace points")
  }
}

/// Mean brightness of parts of a square picture.
private struct Brightness {
  private let pixels: [UInt8]
  private let side: Int
  /// Standard deviation over the picture.
  let deviation: Double

  init(_ pixels: [UInt8], side: Int) {
    self.pixels = pixels
    self.side = side
    var (sum, squares) = (0.0, 0.0)
    for pixel in 0..<side * side {
      let value = Double(Int(pixels[pixel * 3]) + Int(pixels[pixel * 3 + 1]) + Int(pixels[pixel * 3 + 2])) / 3
      sum += value
      squares += value * value
    }
    let count = Double(side * side)
    deviation = max(squares / count - sum / count * (sum / count), 0).squareRoot()
  }

  /// - Parameters: edges in pixels of a picture of 112 × 112.
  func mean(_ left: Int, _ top: Int, _ right: Int, _ bottom: Int) -> Double {
    let rows = top * side / 112..<max(bottom * side / 112, top * side / 112 + 1)
    let columns = left * side / 112..<max(right * side / 112, left * side / 112 + 1)
    var sum = 0
    for row in rows {
      for column in columns {
        let pixel = (row * side + column) * 3
        sum += Int(pixels[pixel]) + Int(pixels[pixel + 1]) + Int(pixels[pixel + 2])
      }
    }
    return Double(sum) / Double(3 * rows.count * columns.count)
  }
}
