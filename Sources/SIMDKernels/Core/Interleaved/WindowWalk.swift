/// The windows of neighbouring pixels, row by row; after the last one that one again.
@usableFromInline
struct WindowWalk {
  private var window: UnsafeRawPointer
  private var row: UnsafeRawPointer
  private var column: Int
  private var rest: Int
  private let layer: ConvolutionLayer

  /// - Parameter phase: kernel row of the windows that is wanted.
  @usableFromInline @inline(__always)
  init(_ layer: ConvolutionLayer, _ pixels: Range<Int>, phase: Int) {
    self.layer = layer
    let firstRow = pixels.lowerBound / layer.outputWidth
    column = pixels.lowerBound &- firstRow &* layer.outputWidth
    row = layer.input + (phase &* layer.windowRowBytes &+ firstRow &* layer.rowBytes)
    window = row + column &* layer.pixelBytes
    rest = pixels.count
  }

  @usableFromInline @inline(__always)
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
