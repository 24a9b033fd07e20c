/// How the outputs along one side of an image are cut into Winograd's tiles: four in each, but three in as many of the last ones
/// as it takes to leave none over. (Of 1, 2 or 5 outputs there is nevertheless.)
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
  /// Those of four, which are the first ones.
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
  /// Whether it has only three outputs.
  @inlinable @inline(__always)
  func isNarrow(_ tile: Int) -> Bool { tile >= wholeTiles }
  @inlinable @inline(__always)
  func outputs(of tile: Int) -> Int { min(isNarrow(tile) ? 3 : 4, outputs &- start(tile)) }
}

/// Walks through those of a range of tiles that have a point.
@usableFromInline
struct WinogradTileCursor {
  /// The next one.
  @usableFromInline var tile: Int
  /// How many are still to come, the next one included.
  @usableFromInline var rest: Int
  @usableFromInline var column: Int
  /// Tiles that have the point follow one another up to here.
  @usableFromInline let width: Int
  /// Tiles of a row that have it not.
  @usableFromInline let gap: Int

  @inlinable @inline(__always)
  init<Form: WinogradForm>(_: Form.Type, _ layer: WinogradLayer, _ tiles: Range<Int>, row: Int, column: Int) {
    let (down, across) = (layer.down, layer.across)
    let height = Form.narrowLacks(row) ? down.wholeTiles : down.count
    tile = tiles.lowerBound
    if Form.narrowLacks(column) && across.wholeTiles < across.count {
      let width = across.wholeTiles
      let before = { (tile: Int) in
        let row = tile / across.count
        return row < height ? row &* width &+ min(tile &- row &* across.count, width) : height &* width
      }
      (self.width, gap) = (width, across.count &- width)
      rest = before(tiles.upperBound) &- before(tiles.lowerBound)
      self.column = tile % across.count
      if self.column >= width { skip(to: across.count) }
    } else {
      // One long row.
      (width, gap, self.column) = (Int.max, 0, 0)
      rest = max(0, min(height &* across.count, tiles.upperBound) &- tile)
    }
  }

  @inlinable @inline(__always)
  mutating func advance() -> Int {
    let next = tile
    tile &+= 1
    column &+= 1
    rest &-= 1
    if column == width { skip(to: width &+ gap) }
    return next
  }

  /// Whether all tiles that have the point follow one another.
  @inlinable @inline(__always)
  var isOneRow: Bool { gap == 0 }

  @inlinable @inline(__always)
  mutating func advanceInRow(_ count: Int) {
    tile &+= count
    rest &-= count
  }

  @inlinable @inline(__always)
  mutating func skip(to end: Int) {
    tile &+= end &- column
    column = 0
  }
}
