/// How tiles are taken together, up to four at a time: neighbours that are multiplied at the same points. Where there is one tile of each
/// kind, as for 7 × 7 outputs, all four are a group.
@usableFromInline
struct WinogradGroups {
  @usableFromInline let down, across: WinogradTiling

  @inlinable @inline(__always)
  init(_ layer: WinogradLayer) { (down, across) = (layer.down, layer.across) }

  @inlinable @inline(__always)
  var isMixed: Bool { down.count == 2 && down.wholeTiles == 1 && across.count == 2 && across.wholeTiles == 1 }

  @inlinable
  var count: Int {
    if isMixed { return 1 }
    return groups(lacksRow: false) &+ groups(lacksRow: true)
  }

  /// Rows of points of all groups.
  @inlinable
  var rows: Int { isMixed ? 6 : 6 &* groups(lacksRow: false) &+ 5 &* groups(lacksRow: true) }

  @inlinable
  func groups(lacksRow: Bool) -> Int {
    let rows = lacksRow ? down.count &- down.wholeTiles : down.wholeTiles
    return (rows &* across.wholeTiles &+ 3) / 4 &+ (rows &* (across.count &- across.wholeTiles) &+ 3) / 4
  }

  /// Whole tiles come first, both down and across.
  @inlinable
  func group(_ index: Int) -> WinogradGroup {
    if isMixed { return WinogradGroup(rows: 0..<2, columns: 0..<2, index: 0, lacksRow: false, shape: .mixed) }
    let whole = groups(lacksRow: false)
    let lacksRow = index >= whole
    let rows = lacksRow ? down.wholeTiles..<down.count : 0..<down.wholeTiles
    let index = lacksRow ? index &- whole : index
    let wide = (rows.count &* across.wholeTiles &+ 3) / 4
    return index < wide
      ? WinogradGroup(rows: rows, columns: 0..<across.wholeTiles, index: index, lacksRow: lacksRow, shape: .whole)
      : WinogradGroup(
        rows: rows, columns: across.wholeTiles..<across.count, index: index &- wide, lacksRow: lacksRow, shape: .narrow)
  }
}

/// Up to four tiles of a rectangle of them, counted row by row.
@usableFromInline
struct WinogradGroup {
  @usableFromInline
  enum Shape {
    /// All tiles have four outputs across, or all have three.
    case whole, narrow
    /// Every second has three, and the last two have three down.
    case mixed
  }

  @usableFromInline let rows, columns: Range<Int>
  @usableFromInline let first: Int
  /// Whether all have three outputs down, and so lack a row of points.
  @usableFromInline let lacksRow: Bool
  @usableFromInline let shape: Shape

  @inlinable @inline(__always)
  init(rows: Range<Int>, columns: Range<Int>, index: Int, lacksRow: Bool, shape: Shape) {
    (self.rows, self.columns, first) = (rows, columns, index &* 4)
    (self.lacksRow, self.shape) = (lacksRow, shape)
  }

  @inlinable @inline(__always)
  var tiles: Int { min(rows.count &* columns.count &- first, 4) }

  /// The row and column of a tile, counted in tiles.
  @inlinable @inline(__always)
  func position(_ place: Int) -> (row: Int, column: Int) {
    let tile = first &+ place
    return (rows.lowerBound &+ tile / columns.count, columns.lowerBound &+ tile % columns.count)
  }
}
