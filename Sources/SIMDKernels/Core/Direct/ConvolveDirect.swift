/// Convolves a slice with tiles of `groups` accumulators × `vectors` blocks, and what is left over with one block at a
/// time.
@inlinable @inline(__always)
public func convolveDirect<
  Products: DotProducts, Output: ConvolutionOutput, let groups: Int, let vectors: Int
>(
  _: Products.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  tile: Tile<groups, vectors>
) where Output.Sum == Products.Sum {
  var block = slice.blocks.lowerBound
  while block &+ vectors <= slice.blocks.upperBound {
    convolveDirectBlocks(Products.self, layer, output, block: block, pixels: slice.pixels, tile: tile)
    block &+= vectors
  }
  while block < slice.blocks.upperBound {
    convolveDirectBlocks(Products.self, layer, output, block: block, pixels: slice.pixels, tile: Tile<groups, 1>())
    block &+= 1
  }
}

/// Computes all pixels of the slice for `vectors` blocks of output channels, one register tile after the other. Tiles run on
/// over the ends of rows, so odd widths (7, 14) waste nothing but the last tile's rest.
@inlinable @inline(__always)
func convolveDirectBlocks<
  Products: DotProducts, Output: ConvolutionOutput, let groups: Int, let vectors: Int
>(
  _: Products.Type, _ layer: ConvolutionLayer, _ output: Output, block: Int, pixels: Range<Int>,
  tile: Tile<groups, vectors>
) where Output.Sum == Products.Sum {
  if Products.storesFromRegisters {
    return convolveDirectTiles(Products.self, layer, output, block: block, pixels: pixels, tile: tile)
  }
  let weights = layer.weights + block &* layer.blockBytes
  let tilePixels = groups &* Products.pixelsPerAccumulator
  var pixel = pixels.lowerBound
  var row = pixel / layer.outputWidth
  var column = pixel &- row &* layer.outputWidth
  var sums = InlineArray<groups, InlineArray<vectors, SumPair<Products.Sum>>>(
    repeating: InlineArray(repeating: SumPair(SIMD16(), SIMD16())))
  while pixel < pixels.upperBound {
    let count = min(tilePixels, pixels.upperBound &- pixel)
    var windows = InlineArray<groups, WindowPair>(repeating: WindowPair(layer.input, layer.input))
    var (windowRow, windowColumn) = (row, column)
    var window = layer.input + (row &* layer.rowBytes &+ column &* layer.pixelBytes)
    for group in 0..<groups {
      windows[unchecked: group].first = window
      for inGroup in 0..<Products.pixelsPerAccumulator {
        if inGroup == 1 { windows[unchecked: group].second = window }
        // Past the last pixel the tile computes that pixel again, and drops it.
        if group &* Products.pixelsPerAccumulator &+ inGroup &+ 1 < count {
          windowColumn &+= 1
          window += layer.pixelBytes
          if windowColumn == layer.outputWidth {
            windowColumn = 0
            windowRow &+= 1
            window = layer.input + (windowRow &* layer.rowBytes)
          }
        }
      }
    }
    accumulateDirectTile(Products.self, layer, weights, windows, into: &sums)
    for vector in 0..<vectors {
      let constants = output.constants(block: block &+ vector)
      (windowRow, windowColumn) = (row, column)
      for index in 0..<count {
        let group = index / Products.pixelsPerAccumulator
        let pair = sums[unchecked: group][unchecked: vector]
        output.store(
          index == group &* Products.pixelsPerAccumulator ? pair.first : pair.second, constants,
          block: block &+ vector, row: windowRow, column: windowColumn)
        windowColumn &+= 1
        if windowColumn == layer.outputWidth {
          windowColumn = 0
          windowRow &+= 1
        }
      }
    }
    (row, column) = (windowRow, windowColumn)
    pixel &+= count
  }
}
