extension WinogradLayer {
  @inlinable @inline(__always)
  public var tilesAcross: Int { (outputWidth &+ 3) / 4 }
  @inlinable @inline(__always)
  public var tiles: Int { (outputHeight &+ 3) / 4 &* tilesAcross }

  @inlinable @inline(__always)
  func isHalf(row: Int) -> Bool { outputHeight &- row &* 4 <= 2 }
  @inlinable @inline(__always)
  func isHalf(column: Int) -> Bool { outputWidth &- column &* 4 <= 2 }

  // Those of three outputs are whole, too.
  @inlinable @inline(__always)
  var wholeRows: Int { (outputHeight &+ 1) / 4 }
  @inlinable @inline(__always)
  var wholeColumns: Int { (outputWidth &+ 1) / 4 }
  /// Behind the tiles that are half in their columns only.
  @inlinable @inline(__always)
  var firstWhole: Int { tilesAcross == wholeColumns ? 0 : wholeRows }
  /// Where the tiles begin that are half in their rows.
  @inlinable @inline(__always)
  var firstHalf: Int { firstWhole &+ wholeRows &* wholeColumns }

  /// The row and column of a tile, counted in tiles.
  @inlinable @inline(__always)
  func position(_ tile: Int) -> (row: Int, column: Int) {
    if tile < firstWhole { return (tile, wholeColumns) }
    let index = tile &- firstWhole
    let row = wholeColumns == 0 ? wholeRows : min(index / wholeColumns, wholeRows)
    // Behind a row of half ones comes the one that is half in its column, too.
    return (row, index &- row &* wholeColumns)
  }

  /// The tiles that have a point: half ones have not those of 2 and −2.
  @inlinable @inline(__always)
  func tiles(having point: Int) -> Range<Int> {
    let lower = isFar(point % 6) ? firstWhole : 0
    if isFar(point / 6) { return lower..<firstHalf }
    return lower..<(isFar(point % 6) ? min(firstHalf &+ wholeColumns, tiles) : tiles)
  }

  @inlinable @inline(__always)
  func isFar(_ coordinate: Int) -> Bool { coordinate == 3 || coordinate == 4 }
}
