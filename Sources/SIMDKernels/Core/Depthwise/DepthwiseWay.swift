/// A way to compute depthwise convolutions of integers. The closures of a `KernelTable` call it.
public protocol DepthwiseWay: SendableMetatype {
  /// The name in reports, such as `depthwise int8`.
  static var name: String { get }
  static func tilePixels(_ layer: DepthwiseLayer) -> Int
  static func convolve<Output: RequantisedOutput>(
    _ layer: DepthwiseLayer, _ output: Output, _ slice: ConvolutionSlice)
}

/// Computes every window on its own, position by position.
public enum DepthwiseByPositions<Products: DepthwiseProducts>: DepthwiseWay where Products.Sum == Int32 {
  @inlinable
  public static var name: String { "depthwise " + Products.values.rawValue }
  @inlinable
  public static func tilePixels(_ layer: DepthwiseLayer) -> Int { DepthwiseLayer.tilePixels }
  @inlinable @inline(__always)
  public static func convolve<Output: RequantisedOutput>(
    _ layer: DepthwiseLayer, _ output: Output, _ slice: ConvolutionSlice
  ) {
    convolveDepthwise(Products.self, layer, output, slice)
  }
}
