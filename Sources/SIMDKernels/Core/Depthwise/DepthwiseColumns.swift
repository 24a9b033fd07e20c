/// Products of 3×3 windows of int8, 16 channels at a time, of which neighbours share columns: three pixels, one below the
/// other.
public protocol DepthwiseColumns: SendableMetatype {
  /// The 16 channels of three pixels.
  associatedtype Column: BitwiseCopyable
  /// The weights of 16 channels.
  associatedtype Weights: BitwiseCopyable

  /// - Parameter rowBytes: from a pixel to the one below.
  static func loadColumn(_ pixel: UnsafeRawPointer, rowBytes: Int) -> Column
  /// - Parameters:
  ///   - weights: [3][3][channel], from the first of the 16 channels.
  ///   - columnBytes: from the weights of a column to those of the next.
  static func loadWeights(_ weights: UnsafeRawPointer, columnBytes: Int) -> Weights
  /// What the sums start from: the bias, without what the stored form of pixels adds to sums.
  static func start(_ bias: SIMD16<Int32>, _ weights: Weights) -> SIMD16<Int32>
  static func sums(
    _ start: SIMD16<Int32>, _ left: Column, _ middle: Column, _ right: Column, _ weights: Weights
  ) -> SIMD16<Int32>
}
