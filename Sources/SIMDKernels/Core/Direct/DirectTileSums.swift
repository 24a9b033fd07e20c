/// Adds up all kernel rows of one register tile, and stores the sums in memory.
@inlinable @inline(__always)
func accumulateDirectTile<Products: DotProducts, let groups: Int, let vectors: Int>(
  _: Products.Type, _ layer: ConvolutionLayer, _ weights: UnsafeRawPointer,
  _ windows: InlineArray<groups, WindowPair>,
  into sums: inout InlineArray<groups, InlineArray<vectors, SumPair<Products.Sum>>>
) {
  let accumulators = directTileSums(Products.self, layer, weights, windows, tile: Tile<groups, vectors>())
  for group in 0..<groups {
    for vector in 0..<vectors {
      let accumulator = accumulators[unchecked: group][unchecked: vector]
      sums[unchecked: group][unchecked: vector].first = Products.sums(accumulator, pixel: 0)
      if Products.pixelsPerAccumulator == 2 {
        sums[unchecked: group][unchecked: vector].second = Products.sums(accumulator, pixel: 1)
      }
    }
  }
}

/// The sums of all kernel rows of one register tile, in registers: the hot loop.
///
/// The accumulators are indexed by constants only, and no loop can be skipped, so that the compiler keeps them where
/// they are.
@inlinable @inline(__always)
func directTileSums<Products: DotProducts, let groups: Int, let vectors: Int>(
  _: Products.Type, _ layer: ConvolutionLayer, _ weights: UnsafeRawPointer,
  _ windows: InlineArray<groups, WindowPair>, tile: Tile<groups, vectors>
) -> InlineArray<groups, InlineArray<vectors, Products.Accumulator>> {
  var accumulators = InlineArray<groups, InlineArray<vectors, Products.Accumulator>>(
    repeating: InlineArray(repeating: Products.zero()))
  var windowRow = 0
  var weightStep = weights
  repeat {
    var offset = windowRow &* layer.windowRowBytes
    // Counts down, for the sake of one instruction less.
    var bytes = layer.stepsPerRow &* 4
    repeat {
      let pixels = InlineArray<groups, Products.PixelVector> { group in
        Products.loadPixels(windows[unchecked: group].first + offset, windows[unchecked: group].second + offset)
      }
      forEachConstant(Products.dotsPerLoad) { lane in
        for vector in 0..<vectors {
          let weightVector = Products.loadWeights(weightStep + vector &* layer.blockBytes, lane: lane)
          for group in 0..<groups {
            Products.dot(
              &accumulators[unchecked: group][unchecked: vector], pixels[unchecked: group], lane: lane, weightVector)
          }
        }
      }
      offset &+= Products.pixelBytesPerLoad
      weightStep += Products.pixelBytesPerLoad &* 16
      bytes &-= Products.pixelBytesPerLoad
    } while bytes != 0
    windowRow &+= 1
  } while windowRow < layer.windowRows
  return accumulators
}
