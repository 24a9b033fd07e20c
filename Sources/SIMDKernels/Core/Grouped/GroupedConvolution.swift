/// A way to compute convolutions whose groups lie within 16 channels (`GroupedOrder.Way.lanes`).
public protocol GroupedWay: SendableMetatype {
  /// The type of sums: Int32 or Float.
  associatedtype Sum: SIMDScalar
  static func convolve<Output: ConvolutionOutput>(
    _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice, groupWidth: Int
  ) where Output.Sum == Sum
}

/// Computes small groups channel by channel, as depthwise convolutions.
public enum GroupsByLanes<Products: GroupedProducts>: GroupedWay {
  public typealias Sum = Products.Sum

  @inlinable @inline(__always)
  public static func convolve<Output: ConvolutionOutput>(
    _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice, groupWidth: Int
  ) where Output.Sum == Sum {
    convolveGroupedLanes(Products.self, layer, output, slice, groupWidth: groupWidth)
  }
}

/// Computes small groups by dot products of four channels.
public enum GroupsByDots<Dot: GroupedDot>: GroupedWay {
  public typealias Sum = Int32

  @inlinable @inline(__always)
  public static func convolve<Output: ConvolutionOutput>(
    _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice, groupWidth: Int
  ) where Output.Sum == Int32 {
    convolveGroupedLanes(dots: Dot.self, layer, output, slice, groupWidth: groupWidth)
  }
}

/// Computes grouped convolutions: small groups by `Lanes`, all others as ranges of channels with tiles of `groups` accumulators.
///
/// The sums of flipped pixels (`KernelTable.pixelFlip`) are 128 · Σw too high, which the bias takes back, as for dense
/// convolutions.
public enum GroupedConvolution<Lanes: GroupedWay, RangeDot: DotProducts, let groups: Int>
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
      convolveGroupedRanges(RangeDot.self, layer, output, slice, width: width, tile: Tile<groups, 1>())
    }
  }
}
