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
  /// Coordinates at which a tile is multiplied: six, or five of one with three outputs.
  @inlinable @inline(__always)
  public var points: Int { 5 &* count &+ wholeTiles }

  @inlinable @inline(__always)
  func start(_ tile: Int) -> Int { 3 &* tile &+ min(tile, wholeTiles) }
  /// Whether it has only three outputs, and so not the point −2.
  @inlinable @inline(__always)
  func isNarrow(_ tile: Int) -> Bool { tile >= wholeTiles }
  @inlinable @inline(__always)
  func outputs(of tile: Int) -> Int { min(isNarrow(tile) ? 3 : 4, outputs &- start(tile)) }
  /// How many tiles have the point with a coordinate.
  @inlinable @inline(__always)
  func tiles(having coordinate: Int) -> Int { coordinate == 4 ? wholeTiles : count }
}

/// Walks through those of a range of tiles that have a point.
@usableFromInline
struct WinogradTileCursor {
  @usableFromInline var tile: Int
  /// How many are still to come, this one included.
  @usableFromInline var rest: Int
  @usableFromInline var column: Int
  @usableFromInline let width: Int
  @usableFromInline let tilesAcross: Int

  @inlinable @inline(__always)
  init(_ layer: WinogradLayer, _ tiles: Range<Int>, point: Int) {
    let (width, across) = (layer.across.tiles(having: point % 6), layer.across.count)
    let height = layer.down.tiles(having: point / 6)
    let before = { (tile: Int) in
      let row = tile / across
      return row < height ? row &* width &+ min(tile &- row &* across, width) : height &* width
    }
    (self.width, tilesAcross) = (width, across)
    rest = before(tiles.upperBound) &- before(tiles.lowerBound)
    tile = tiles.lowerBound
    column = tile % across
    if column >= width { skipRowEnd() }
  }

  @inlinable @inline(__always)
  mutating func advance() {
    tile &+= 1
    column &+= 1
    rest &-= 1
    if column == width { skipRowEnd() }
  }

  @inlinable @inline(__always)
  mutating func skipRowEnd() {
    tile &+= tilesAcross &- column
    column = 0
  }
}
