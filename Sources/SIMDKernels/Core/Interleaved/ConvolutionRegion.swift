/// A rectangle of a slice whose windows lie over the same edge of a `ConstantBorder`, or over none, as a layer of its
/// own: windows lack their rows or columns in the border.
@usableFromInline
struct ConvolutionRegion {
  /// The layer of the region; its weights are not used.
  @usableFromInline var layer: ConvolutionLayer
  /// The region's own pixels.
  @usableFromInline var pixels: Range<Int>
  /// The place of its first pixel in the output.
  @usableFromInline var row: Int
  @usableFromInline var column: Int
  /// The offset of its weights in a block, and the gap between those of its kernel rows, in bytes.
  @usableFromInline var weightOffset: Int
  @usableFromInline var weightGap: Int
  /// The bias to start from; nil where it is the output's.
  @usableFromInline var bias: UnsafePointer<Int32>?

  /// The largest number of regions of a slice.
  @inlinable
  static var most: Int { 5 }

  /// The whole slice, whatever its border.
  @inlinable
  init(_ layer: ConvolutionLayer, pixels: Range<Int>) {
    self.layer = layer
    self.pixels = pixels
    (row, column, weightOffset, weightGap) = (0, 0, 0, 0)
  }

  /// The `index`-th of a slice's regions, if there is one.
  ///
  /// The border's products are left out of whole rows only.
  @inlinable
  init?(_ index: Int, of layer: ConvolutionLayer, pixels: Range<Int>) {
    let width = layer.outputWidth
    guard let border = layer.border, pixels.lowerBound % width == 0, pixels.upperBound % width == 0 else {
      guard index == 0 else { return nil }
      self.init(layer, pixels: pixels)
      return
    }
    let (first, end) = (pixels.lowerBound / width, pixels.upperBound / width)
    let last = border.isReachedAtBottom ? border.outputHeight &- 1 : border.outputHeight
    let rows = max(first, 1)..<max(first, 1, min(end, last))
    let rightmost = border.isReachedAtRight ? width &- 1 : width
    self.init(layer, pixels: pixels)
    switch index {
    case 0: take(rows: rows, columns: 1..<rightmost, windowRows: 0..<3, windowColumns: 0..<3)
    case 1:
      guard first == 0 else { return nil }
      take(rows: 0..<1, columns: 0..<width, windowRows: 1..<3, windowColumns: 0..<3, border.biases(.top))
    case 2:
      guard last < end else { return nil }
      take(rows: last..<end, columns: 0..<width, windowRows: 0..<2, windowColumns: 0..<3, border.biases(.bottom))
    case 3: take(rows: rows, columns: 0..<1, windowRows: 0..<3, windowColumns: 1..<3, border.biases(.left))
    default:
      guard rightmost < width else { return nil }
      take(
        rows: rows, columns: rightmost..<width, windowRows: 0..<3, windowColumns: 0..<2, border.biases(.right))
    }
    if self.pixels.isEmpty { return nil }
  }

  @inlinable
  mutating func take(
    rows: Range<Int>, columns: Range<Int>, windowRows: Range<Int>, windowColumns: Range<Int>,
    _ bias: UnsafePointer<Int32>? = nil
  ) {
    let stepsPerPixel = layer.stepsPerRow / 3
    (row, column) = (rows.lowerBound, columns.lowerBound)
    pixels = 0..<rows.count &* columns.count
    weightOffset =
      (windowRows.lowerBound &* layer.stepsPerRow &+ windowColumns.lowerBound &* stepsPerPixel) &* 64
    weightGap = (3 &- windowColumns.count) &* stepsPerPixel &* 64
    layer.input +=
      row &* layer.rowBytes &+ column &* layer.pixelBytes &+ windowRows.lowerBound &* layer.windowRowBytes
      &+ windowColumns.lowerBound &* stepsPerPixel &* 4
    layer.windowRows = windowRows.count
    layer.stepsPerRow = windowColumns.count &* stepsPerPixel
    layer.outputWidth = columns.count
    self.bias = bias
  }
}
