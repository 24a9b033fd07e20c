/// Does the same as `convolveDirectBlocks`, with an epilogue that takes the sums from registers: without a loop, and
/// without their way through the memory. An accumulator is one pixel.
@inlinable @inline(__always)
func convolveDirectTiles<Products: DotProducts, Output: ConvolutionOutput, let groups: Int, let vectors: Int>(
  _: Products.Type, _ layer: ConvolutionLayer, _ output: Output, block: Int, pixels: Range<Int>,
  tile: Tile<groups, vectors>
) where Output.Sum == Products.Sum {
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
      // Past the last pixel the tile computes that pixel again.
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
    let accumulators = directTileSums(Products.self, layer, weights, windows, tile: tile)
    forEachVector(vectors) { vector in
      let constants = output.constants(block: block &+ vector)
      forEachGroup(groups) { group in
        output.store(
          Products.sums(accumulators[unchecked: group][unchecked: vector], pixel: 0), constants,
          at: targets[unchecked: group] + vector &* Output.blockBytes)
      }
    }
  }
}
