/// Products of 3×3 windows of int8, 16 channels at a time, of which neighbours share columns: three pixels, one below the
/// other.
public protocol DepthwiseColumns: SendableMetatype {
  /// The 16 channels of three pixels, or their weights.
  associatedtype Column: BitwiseCopyable

  /// - Parameter rowBytes: from a pixel to the one below.
  static func loadColumn(_ pixel: UnsafeRawPointer, rowBytes: Int) -> Column
  /// What the sums start from: the bias, without what the stored form of pixels adds to sums.
  static func start(_ bias: SIMD16<Int32>, _ weights: ColumnWeights<Column>) -> SIMD16<Int32>
  static func sums(
    _ start: SIMD16<Int32>, _ left: Column, _ middle: Column, _ right: Column, _ weights: ColumnWeights<Column>
  ) -> SIMD16<Int32>
}

/// The weights of 16 channels of a 3×3 window.
public struct ColumnWeights<Column: BitwiseCopyable>: BitwiseCopyable {
  public let left, middle, right: Column

  @inlinable @inline(__always)
  init(left: Column, middle: Column, right: Column) { (self.left, self.middle, self.right) = (left, middle, right) }
}

extension DepthwiseColumns {
  @inlinable @inline(__always)
  public static func start(_ bias: SIMD16<Int32>, _ weights: ColumnWeights<Column>) -> SIMD16<Int32> { bias }

  /// - Parameters:
  ///   - weights: [3][3][channel], from the first of the 16 channels.
  ///   - columnBytes: from the weights of a column to those of the next.
  @inlinable @inline(__always)
  static func loadWeights(_ weights: UnsafeRawPointer, columnBytes: Int) -> ColumnWeights<Column> {
    ColumnWeights(
      left: loadColumn(weights, rowBytes: 3 &* columnBytes),
      middle: loadColumn(weights + columnBytes, rowBytes: 3 &* columnBytes),
      right: loadColumn(weights + 2 &* columnBytes, rowBytes: 3 &* columnBytes))
  }
}
