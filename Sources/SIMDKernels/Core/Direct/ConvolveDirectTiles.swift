/// As `convolveBlocks`, with an epilogue that takes the sums from where they are: without a loop, and without their way
/// through the memory. An accumulator is one pixel.
@inlinable @inline(__always)
func convolveTiles<Arithmetic: DotArithmetic, Output: ConvolutionOutput, let groups: Int, let vectors: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ output: Output, block: Int, pixels: Range<Int>,
  tile: Tile<groups, vectors>
) where Output.Sum == Arithmetic.Sum {
  let weights = layer.weights + block &* layer.blockBytes
  var row = pixels.lowerBound / layer.outputWidth
  var column = pixels.lowerBound &- row &* layer.outputWidth
  var window = layer.input + (row &* layer.rowBytes &+ column &* layer.pixelBytes)
  var target = output.plane.pixel(row: row, column: column) + block &* Output.blockBytes
  var rest = pixels.count
  while rest > 0 {
    var windows = InlineArray<groups, WindowPair>(repeating: WindowPair(window, window))
    var targets = InlineArray<groups, UnsafeMutableRawPointer>(repeating: target)
    forEachGroup(groups) { group in
      // Behind the last pixel the tile computes that pixel again.
      windows[unchecked: group] = WindowPair(window, window)
      targets[unchecked: group] = target
      guard rest > 1 || group == groups &- 1 else { return }
      rest &-= 1
      column &+= 1
      window += layer.pixelBytes
      target += output.plane.pixelBytes
      if column == layer.outputWidth {
        column = 0
        row &+= 1
        window = layer.input + row &* layer.rowBytes
        target = output.plane.pixel(row: row, column: 0) + block &* Output.blockBytes
      }
    }
    let accumulators = accumulated(Arithmetic.self, layer, weights, windows, tile: tile)
    forEachVector(vectors) { vector in
      let constants = output.constants(block: block &+ vector)
      forEachGroup(groups) { group in
        output.store(
          Arithmetic.sums(accumulators[unchecked: group][unchecked: vector], pixel: 0), constants,
          at: targets[unchecked: group] + vector &* Output.blockBytes)
      }
    }
  }
}

/// As `forEachConstant`, for up to 8 or up to 4: one in the other, that one would be a thousand bodies for the
/// compiler.
@inlinable @inline(__always)
func forEachGroup(_ count: Int, _ body: (Int) -> Void) {
  body(0)
  if count > 1 { body(1) }
  if count > 2 { body(2) }
  if count > 3 { body(3) }
  if count > 4 { body(4) }
  if count > 5 { body(5) }
  if count > 6 { body(6) }
  if count > 7 { body(7) }
}

@inlinable @inline(__always)
func forEachVector(_ count: Int, _ body: (Int) -> Void) {
  body(0)
  if count > 1 { body(1) }
  if count > 2 { body(2) }
  if count > 3 { body(3) }
}
