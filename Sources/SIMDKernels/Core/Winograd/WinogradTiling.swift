/// The cut of the outputs along one side of an image into Winograd's tiles: four in each, but three in as many of the
/// last ones as it takes to leave none over. (Outputs of 1, 2 or 5 leave some over nevertheless.)
///
/// | outputs | 3 | 4 | 5 | 7 | 14 | 56 |
/// |---|---|---|---|---|---|---|
/// | tiles | 3 | 4 | 3 3 | 4 3 | 4 4 3 3 | 14 · 4 |
public struct WinogradTiling: BitwiseCopyable, Sendable {
  public var outputs: Int

  @inlinable @inline(__always)
  public init(outputs: Int) { self.outputs = outputs }

  @inlinable @inline(__always)
  public var count: Int { (outputs &+ 3) / 4 }
  /// The number of tiles of four outputs, which are the first ones.
  @inlinable @inline(__always)
  public var wholeTiles: Int { max(0, outputs &- 3 &* count) }

  /// Places along the side at which tiles are multiplied, those of them taken together.
  @inlinable
  public func points(stride: Int) -> Int {
    let places = WinogradLayer.places(stride: stride)
    return places &* count &- (places == 6 ? 1 : 2) &* (count &- wholeTiles)
  }

  @inlinable @inline(__always)
  func start(_ tile: Int) -> Int { 3 &* tile &+ min(tile, wholeTiles) }
  /// Whether the tile has only three outputs.
  @inlinable @inline(__always)
  func isNarrow(_ tile: Int) -> Bool { tile >= wholeTiles }
  @inlinable @inline(__always)
  func outputs(of tile: Int) -> Int { min(isNarrow(tile) ? 3 : 4, outputs &- start(tile)) }
}

/// The outputs of a tile.
@usableFromInline
struct WinogradTile: BitwiseCopyable {
  /// The row and column of the first output.
  @usableFromInline let row, column: Int
  /// The numbers of rows and columns.
  @usableFromInline let rows, columns: Int
  /// Whether the tile has only three outputs, or fewer.
  @usableFromInline let isNarrowDown, isNarrowAcross: Bool

  /// - Parameters:
  ///   - row: the row, counted in tiles, as is `column`.
  @inlinable @inline(__always)
  init(_ down: WinogradTiling, _ across: WinogradTiling, row: Int, column: Int) {
    (self.row, self.column) = (down.start(row), across.start(column))
    (rows, columns) = (down.outputs(of: row), across.outputs(of: column))
    (isNarrowDown, isNarrowAcross) = (down.isNarrow(row), across.isNarrow(column))
  }
}

/// A layer that is cut into tiles in both directions.
public protocol WinogradTiled {
  var outputHeight: Int { get }
  var outputWidth: Int { get }
}

/// Tiles are counted so that those which have a point follow each other: narrow ones in rows of four, whole ones row by
/// row, whole ones in rows of three, and narrow ones in these.
extension WinogradTiled {
  @inlinable @inline(__always)
  public var down: WinogradTiling { WinogradTiling(outputs: outputHeight) }
  @inlinable @inline(__always)
  public var across: WinogradTiling { WinogradTiling(outputs: outputWidth) }
  @inlinable @inline(__always)
  public var tiles: Int { down.count &* across.count }

  /// The range of the tiles that are whole in both directions.
  @inlinable @inline(__always)
  var wholeTiles: Range<Int> {
    let first = down.wholeTiles &* (across.count &- across.wholeTiles)
    return first..<first &+ down.wholeTiles &* across.wholeTiles
  }

  /// The row and column of a tile, counted in tiles.
  @inlinable @inline(__always)
  func position(_ tile: Int) -> (row: Int, column: Int) {
    let (whole, wide) = (wholeTiles, across.wholeTiles)
    let narrow = across.count &- wide
    if tile < whole.lowerBound { return (tile / narrow, wide &+ tile % narrow) }
    let index = tile &- whole.lowerBound
    if index < down.count &* wide { return (index / wide, index % wide) }
    let last = index &- down.count &* wide
    return (down.wholeTiles &+ last / narrow, wide &+ last % narrow)
  }

  /// The tiles that are multiplied at a place: narrow ones lack some.
  @inlinable @inline(__always)
  func tiles<Form: WinogradForm>(_: Form.Type, row: Int, column: Int) -> Range<Int> {
    let rows = Form.narrowLacks(row) ? down.wholeTiles : down.count
    let isWide = Form.narrowLacks(column)
    let first = isWide ? wholeTiles.lowerBound : 0
    return first..<first &+ rows &* (isWide ? across.wholeTiles : across.count)
  }
}
