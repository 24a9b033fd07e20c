/// Winograd point by point: the products of all tiles at one of 36 (or 81) points, then those at the next, and outputs
/// at the end. The register tile's groups are tiles, of whose three numbers each point takes the one that wastes least.
///
/// `Dot` says how the input is stored.
public enum WinogradByPoints<
  Dot: Int8DotProducts, Products: TransformedProducts, let wide: Int, let middle: Int, let narrow: Int
>: IntegerWinograd {
  @inlinable
  public static var name: String { "winograd by points" }
  @inlinable @inline(__always)
  public static var largestStride: Int { 2 }

  @inlinable
  public static func scratchBytes(_ layer: WinogradLayer) -> Int { PointScratch(layer).bytes }

  @inlinable @inline(__always)
  public static func convolve<Output: RequantisedOutput>(
    _ layer: WinogradLayer, _ output: Output, blocks: Range<Int>, scratch: UnsafeMutableRawPointer
  ) {
    if layer.stride == 1 {
      convolve(WinogradUnitStride.self, layer, output, blocks: blocks, scratch)
    } else {
      convolve(WinogradStrideTwo.self, layer, output, blocks: blocks, scratch)
    }
  }

  @inlinable @inline(__always)
  static func convolve<Form: WinogradForm, Output: RequantisedOutput>(
    _: Form.Type, _ layer: WinogradLayer, _ output: Output, blocks: Range<Int>, _ scratch: UnsafeMutableRawPointer
  ) {
    let input = TransformedInput(layer, scratch)
    transformPointInput(Dot.self, Form.self, input)
    for block in blocks {
      convolveBlockByPoints(
        Products.self, Form.self, input, output, block: block, of: blocks,
        scratch: scratch + PointScratch(layer).inputBytes, tile: TransformedTile<wide, middle, narrow>())
    }
  }
}

/// A register tile of products: `wide`, `middle` or `narrow` tiles of 4 × 4 outputs × 16 output channels.
public struct TransformedTile<let wide: Int, let middle: Int, let narrow: Int> {
  @inlinable @inline(__always)
  public init() {}

  /// The number of tiles, of the three, of which fewest are computed to cover `count`.
  @inlinable @inline(__always)
  func groups(covering count: Int) -> Int {
    let computed = { (groups: Int) in (count &+ groups &- 1) / groups &* groups }
    if computed(wide) <= min(computed(middle), computed(narrow)) { return wide }
    return computed(middle) <= computed(narrow) ? middle : narrow
  }
}
