import QuantRuntime

/// A picture's size and what so many halvings leave of it.
struct PictureSize {
  let picture: Size
  let rest: Size

  /// The size that was chosen, else the one that fits a linear layer over all that is left of the picture.
  ///
  /// - Parameter pixels: that the linear layer reads, where that is known: a square, or of pictures of 112×96 and the
  ///   like seven rows to six columns. Of other numbers nothing can be told, and the size is 112×112.
  init(_ chosen: Size?, halvings: Int, pixels: Int?) {
    picture = chosen ?? Self.told(halvings: halvings, pixels: pixels) ?? Size(112, 112)
    rest = (0..<halvings).reduce(picture) { size, _ in Size((size.height + 1) / 2, (size.width + 1) / 2) }
  }

  private static func told(halvings: Int, pixels: Int?) -> Size? {
    guard let pixels, halvings <= 8 else { return nil }
    let largestSide = 64
    for side in 1...largestSide {
      if pixels == side * side { return Size(side << halvings, side << halvings) }
      if pixels == 7 * side * 6 * side { return Size(7 * side << halvings, 6 * side << halvings) }
    }
    return nil
  }
}
