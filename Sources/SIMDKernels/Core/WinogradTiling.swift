/// How Winograd cuts the outputs of a 3×3 convolution with stride 1: into tiles of 4 × 4, counted row by row.
///
/// At the right and lower edge a tile may have three outputs, of which it computes four, or one or two: such a *half* tile has
/// fewer points, none of those of 2 and −2.
public protocol WinogradTiling {
  var outputHeight: Int { get }
  var outputWidth: Int { get }
}

extension WinogradTiling {
  @inlinable @inline(__always)
  public var tilesAcross: Int { (outputWidth &+ 3) / 4 }
  @inlinable @inline(__always)
  public var tiles: Int { (outputHeight &+ 3) / 4 &* tilesAcross }
  @inlinable @inline(__always)
  func hasHalfRows(_ tile: Int) -> Bool { outputHeight &- tile / tilesAcross &* 4 <= 2 }
  @inlinable @inline(__always)
  func hasHalfColumns(_ tile: Int) -> Bool { outputWidth &- tile % tilesAcross &* 4 <= 2 }
  /// Whether a tile has the point.
  @inlinable @inline(__always)
  func has(point: Int, tile: Int) -> Bool {
    !(isFar(point / 6) && hasHalfRows(tile) || isFar(point % 6) && hasHalfColumns(tile))
  }
  @inlinable @inline(__always)
  func allHave(point: Int) -> Bool {
    !(isFar(point / 6) && hasHalf(outputHeight) || isFar(point % 6) && hasHalf(outputWidth))
  }
  @inlinable @inline(__always)
  func hasHalf(_ outputs: Int) -> Bool { outputs % 4 == 1 || outputs % 4 == 2 }
  @inlinable @inline(__always)
  func isFar(_ coordinate: Int) -> Bool { coordinate == 3 || coordinate == 4 }
}
