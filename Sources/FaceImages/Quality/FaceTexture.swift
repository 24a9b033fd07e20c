/// What the pixels of an aligned face say about how it was taken, in integers until the last division.
struct FaceTexture {
  /// How much of its structure is fine: squared differences over 2 pixels by those over 8, in the direction where there
  /// is less of it (of a face that moved). A smooth face has 1/16, a sharp one three times as much.
  var sharpness: Double
  /// Mean of the luma, 0…255.
  var brightness: Double
  /// Standard deviation of the luma.
  var contrast: Double
  /// The part of the pixels that are black or white, 0…1.
  var clipped: Double

  static let side = 112
  /// Between the brows and the chin, without the background.
  private static let rows = 32..<104
  private static let columns = 24..<88

  /// - Parameters:
  ///   - face: 112 × 112, aligned.
  ///   - isInside: [row][column], whether a pixel is of the photo; others are left out.
  init(_ face: RGBImage, isInside: [Bool]) {
    let side = Self.side
    precondition(face.width == side && face.height == side && isInside.count == side * side)
    let luma = (0..<side * side).map { face.luma($0) }
    var (count, sum, squares, extremes) = (0, 0, 0, 0)
    var (fineAcross, coarseAcross, fineDown, coarseDown) = (0, 0, 0, 0)
    for row in Self.rows {
      for pixel in row * side + Self.columns.lowerBound..<row * side + Self.columns.upperBound where isInside[pixel] {
        let value = luma[pixel]
        count += 1
        sum += value
        squares += value * value
        if value <= 4 || value >= 251 { extremes += 1 }
        guard isInside[pixel - 4], isInside[pixel + 4], isInside[pixel - 4 * side], isInside[pixel + 4 * side]
        else { continue }
        func square(_ distance: Int) -> Int {
          let difference = luma[pixel + distance] - luma[pixel - distance]
          return difference * difference
        }
        fineAcross += square(1)
        coarseAcross += square(4)
        fineDown += square(side)
        coarseDown += square(4 * side)
      }
    }
    sharpness = min(
      Double(fineAcross) / Double(max(coarseAcross, 1)), Double(fineDown) / Double(max(coarseDown, 1)))
    let pixels = Double(max(count, 1))
    brightness = Double(sum) / pixels
    contrast = Double(max(squares * count - sum * sum, 0)).squareRoot() / pixels
    clipped = Double(extremes) / pixels
  }
}

extension RGBImage {
  /// Of the pixel `row · width + column`, 0…255.
  fileprivate func luma(_ pixel: Int) -> Int {
    let (red, green, blue) = (Int(pixels[3 * pixel]), Int(pixels[3 * pixel + 1]), Int(pixels[3 * pixel + 2]))
    return (77 * red + 150 * green + 29 * blue + 128) >> 8
  }
}
