/// A block's weights, [kernel row][step][16 output channels][2] → [kernel row][value][16].
@inlinable @inline(__always)
func separateInterleavedWeights<Products: InterleavedInt16Products>(
  _: Products.Type, _ layer: ConvolutionLayer, block: Int, to output: UnsafeMutableRawPointer
) {
  var step = layer.weights + block &* layer.blockBytes
  var output = output
  var pairs = layer.windowRows &* layer.stepsPerRow / 2
  repeat {
    Products.separate(step, to: output)
    Products.separate(step + 64, to: output + 64)
    step += 128
    // Of an image's fourth channel: written over by what follows.
    output += layer.fourthIsEmpty ? 96 : 128
    pairs &-= 1
  } while pairs != 0
}
