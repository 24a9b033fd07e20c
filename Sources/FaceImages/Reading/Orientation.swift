/// How the stored rows and columns of a photo lie in the upright picture: the eight values of EXIF tag 0x0112.
package enum Orientation: Int {
  case upright = 1
  case mirrored, upsideDown, flipped, transposed, clockwise, transversed, counterclockwise

  var exchangesAxes: Bool { rawValue >= Self.transposed.rawValue }

  fileprivate var reversesColumns: Bool {
    switch self {
    case .mirrored, .upsideDown, .transversed, .counterclockwise: true
    case .upright, .flipped, .transposed, .clockwise: false
    }
  }

  fileprivate var reversesRows: Bool {
    switch self {
    case .upsideDown, .flipped, .clockwise, .transversed: true
    case .upright, .mirrored, .transposed, .counterclockwise: false
    }
  }

  /// Where columns and rows of the upright picture are among those stored, which are `width` × `height`.
  func stored(
    columns: Range<Int>, rows: Range<Int>, width: Int, height: Int
  ) -> (columns: Range<Int>, rows: Range<Int>) {
    let (columns, rows) = exchangesAxes ? (rows, columns) : (columns, rows)
    return (
      reversesColumns ? columns.reversed(within: width) : columns, reversesRows ? rows.reversed(within: height) : rows
    )
  }

  /// Where stored columns and rows are in the upright picture.
  func upright(
    columns: Range<Int>, rows: Range<Int>, width: Int, height: Int
  ) -> (columns: Range<Int>, rows: Range<Int>) {
    let columns = reversesColumns ? columns.reversed(within: width) : columns
    let rows = reversesRows ? rows.reversed(within: height) : rows
    return exchangesAxes ? (rows, columns) : (columns, rows)
  }
}

extension Range<Int> {
  fileprivate func reversed(within count: Int) -> Range<Int> { count - upperBound..<count - lowerBound }
}

extension RGBImage {
  /// The upright picture of pixels that were stored with `orientation`.
  package func turned(to orientation: Orientation) -> RGBImage {
    guard orientation != .upright else { return self }
    let columnStep = orientation.reversesColumns ? -3 : 3
    let rowStep = orientation.reversesRows ? -3 * width : 3 * width
    let start =
      (orientation.reversesColumns ? 3 * (width - 1) : 0)
      + (orientation.reversesRows ? 3 * width * (height - 1) : 0)
    let exchanged = orientation.exchangesAxes
    let turnedWidth = exchanged ? height : width
    let turnedHeight = exchanged ? width : height

    var turned: [UInt8] = []
    turned.reserveCapacity(pixels.count)
    for row in 0..<turnedHeight {
      var source = start + row * (exchanged ? columnStep : rowStep)
      for _ in 0..<turnedWidth {
        turned.append(pixels[source])
        turned.append(pixels[source + 1])
        turned.append(pixels[source + 2])
        source += exchanged ? rowStep : columnStep
      }
    }
    return RGBImage(width: turnedWidth, height: turnedHeight, pixels: turned)
  }
}
