/// Products of 3×3 windows of int8, 16 channels at a time, of which neighbours share columns: pixels one below the other.
public protocol DepthwiseColumns: SendableMetatype {
  /// The 16 channels of `rows` + 2 pixels, or weights in the places of the pixels.
  associatedtype Column: BitwiseCopyable

  /// The number of windows, one below the other, that a column is part of: 1 or 2.
  static var rows: Int { get }
  /// - Parameter rowBytes: from a pixel to the one below.
  static func loadColumn(_ pixel: UnsafeRawPointer, rowBytes: Int) -> Column
  /// The weights of a column of the window whose first pixel is the `row`-th of the column.
  static func weights(_ top: SIMD16<Int8>, _ centre: SIMD16<Int8>, _ bottom: SIMD16<Int8>, row: Int) -> Column
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
  ///   - row: the row of the column's pixels in which the window begins.
  @inlinable @inline(__always)
  static func loadWeights(_ weights: UnsafeRawPointer, columnBytes: Int, row: Int) -> ColumnWeights<Column> {
    ColumnWeights(
      left: loadWeightColumn(weights, columnBytes: columnBytes, row: row),
      middle: loadWeightColumn(weights + columnBytes, columnBytes: columnBytes, row: row),
      right: loadWeightColumn(weights + 2 &* columnBytes, columnBytes: columnBytes, row: row))
  }

  @inlinable @inline(__always)
  static func loadWeightColumn(_ top: UnsafeRawPointer, columnBytes: Int, row: Int) -> Column {
    weights(
      top.loadUnaligned(as: SIMD16<Int8>.self), (top + 3 &* columnBytes).loadUnaligned(as: SIMD16<Int8>.self),
      (top + 6 &* columnBytes).loadUnaligned(as: SIMD16<Int8>.self), row: row)
  }
}
