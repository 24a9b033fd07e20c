/// How an instruction set computes convolutions whose groups lie within 16 channels (`GroupedOrder.Way.lanes`).
public protocol GroupedWay: SendableMetatype {
  /// Int32 or Float.
  associatedtype Sum: SIMDScalar
  static func convolve<Output: ConvolutionOutput>(
    _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice, groupWidth: Int
  ) where Output.Sum == Sum
}

/// Channel by channel, as depthwise convolutions.
public enum GroupsByLanes<Arithmetic: GroupedArithmetic>: GroupedWay {
  public typealias Sum = Arithmetic.Sum

  @inlinable @inline(__always)
  public static func convolve<Output: ConvolutionOutput>(
    _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice, groupWidth: Int
  ) where Output.Sum == Sum {
    convolveGroups(Arithmetic.self, layer, output, slice, groupWidth: groupWidth)
  }
}

/// By dot products of four channels.
public enum GroupsByDots<Dot: GroupedDot>: GroupedWay {
  public typealias Sum = Int32

  @inlinable @inline(__always)
  public static func convolve<Output: ConvolutionOutput>(
    _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice, groupWidth: Int
  ) where Output.Sum == Int32 {
    convolveGroups(dots: Dot.self, layer, output, slice, groupWidth: groupWidth)
  }
}

/// Grouped convolutions: small groups by `Lanes`, all others as ranges of channels with tiles of `groups` accumulators.
///
/// Of flipped pixels (`KernelTable.pixelFlip`) the sums come out 128 · Σw too high, which the bias takes back, as of
/// dense convolutions.
public enum GroupedConvolution<Lanes: GroupedWay, RangeDot: DotArithmetic, let groups: Int>
where RangeDot.Sum == Lanes.Sum {
  @inlinable
  public static var name: String { "grouped " + RangeDot.values.rawValue }
  @inlinable
  public static func tilePixels(_ layer: GroupedLayer) -> Int {
    switch layer.order.way {
    case .lanes: 4
    case .ranges: groups &* RangeDot.pixelsPerAccumulator
    }
  }
  @inlinable @inline(__always)
  public static func convolve<Output: ConvolutionOutput>(
    _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice
  ) where Output.Sum == Lanes.Sum {
    switch layer.order.way {
    case .lanes(let groupWidth): Lanes.convolve(layer, output, slice, groupWidth: groupWidth)
    case .ranges(let width):
      convolveRanges(RangeDot.self, layer, output, slice, width: width, tile: Tile<groups, 1>())
    }
  }
}
