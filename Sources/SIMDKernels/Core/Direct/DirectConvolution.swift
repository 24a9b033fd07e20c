/// A convolution that multiplies the pixels where they lie, in register tiles of `groups` accumulators × `vectors`
/// blocks of 16 output channels.
public enum DirectConvolution<Dot: DotProducts, let groups: Int, let vectors: Int> {
  @inlinable
  public static var name: String { "direct " + Dot.values.rawValue }
  @inlinable @inline(__always)
  public static func tilePixels(_ layer: ConvolutionLayer) -> Int { groups &* Dot.pixelsPerAccumulator }
  @inlinable @inline(__always)
  public static func convolve<Output: ConvolutionOutput>(
    _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice
  ) where Output.Sum == Dot.Sum {
    convolveDirect(Dot.self, layer, output, slice, tile: Tile<groups, vectors>())
  }
  @inlinable @inline(__always)
  public static func repeatDots(rounds: Int) -> Int {
    repeatDotsOfTile(Dot.self, rounds: rounds, tile: Tile<groups, vectors>())
  }
}

extension DirectConvolution: IntegerConvolutionWay where Dot.Sum == Int32 {}
extension DirectConvolution: FloatConvolutionWay where Dot.Sum == Float {}

/// A convolution as `DirectConvolution`, with tiles of `narrowGroups` × `narrowVectors` for slices whose last tile would waste more
/// with the wide ones.
public enum DirectOrNarrowConvolution<
  Dot: DotProducts, let groups: Int, let vectors: Int, let narrowGroups: Int, let narrowVectors: Int
> {
  @inlinable
  public static var name: String { DirectConvolution<Dot, groups, vectors>.name }
  @inlinable @inline(__always)
  public static func tilePixels(_ layer: ConvolutionLayer) -> Int { groups &* Dot.pixelsPerAccumulator }
  @inlinable @inline(__always)
  public static func convolve<Output: ConvolutionOutput>(
    _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice
  ) where Output.Sum == Dot.Sum {
    if wastesLess(
      slice.pixels.count, narrow: narrowGroups &* Dot.pixelsPerAccumulator, than: groups &* Dot.pixelsPerAccumulator)
    {
      convolveDirect(Dot.self, layer, output, slice, tile: Tile<narrowGroups, narrowVectors>())
    } else {
      convolveDirect(Dot.self, layer, output, slice, tile: Tile<groups, vectors>())
    }
  }
  @inlinable @inline(__always)
  public static func repeatDots(rounds: Int) -> Int {
    repeatDotsOfTile(Dot.self, rounds: rounds, tile: Tile<groups, vectors>())
  }
}

extension DirectOrNarrowConvolution: IntegerConvolutionWay where Dot.Sum == Int32 {}
extension DirectOrNarrowConvolution: FloatConvolutionWay where Dot.Sum == Float {}

/// Whether tiles of `narrow` pixels compute at least a sixteenth less than those of `wide` ones, to cover `count`.
@inlinable @inline(__always)
func wastesLess(_ count: Int, narrow: Int, than wide: Int) -> Bool {
  (count &+ narrow &- 1) / narrow &* narrow &* 16 < (count &+ wide &- 1) / wide &* wide &* 15
}
