/// The windows of neighbouring pixels, row by row; behind the last one that one again.
@usableFromInline
struct WindowWalk {
  @usableFromInline var window: UnsafeRawPointer
  @usableFromInline var row: UnsafeRawPointer
  @usableFromInline var column: Int
  @usableFromInline var rest: Int
  @usableFromInline let layer: ConvolutionLayer

  /// - Parameter phase: kernel row of the windows that is wanted.
  @inlinable @inline(__always)
  init(_ layer: ConvolutionLayer, _ pixels: Range<Int>, phase: Int) {
    self.layer = layer
    let firstRow = pixels.lowerBound / layer.outputWidth
    column = pixels.lowerBound &- firstRow &* layer.outputWidth
    row = layer.input + (phase &* layer.windowRowBytes &+ firstRow &* layer.rowBytes)
    window = row + column &* layer.pixelBytes
    rest = pixels.count
  }

  @inlinable @inline(__always)
  mutating func next() -> UnsafeRawPointer {
    let current = window
    rest &-= 1
    guard rest > 0 else { return current }
    column &+= 1
    window += layer.pixelBytes
    if column == layer.outputWidth {
      column = 0
      row += layer.rowBytes
      window = row
    }
    return current
  }
}
