/// Convolves a slice of a layer whose way is `ranges`: for each block of 16 output channels a dense convolution of some
/// input channels, so the windows' rows are not contiguous.
@inlinable @inline(__always)
func convolveGroupedRanges<Products: DotProducts, Output: ConvolutionOutput, let groups: Int>(
  _: Products.Type, _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice, width: Int,
  tile: Tile<groups, 1>
) where Output.Sum == Products.Sum {
  let window = layer.window
  let valueBytes = 4 / layer.order.valuesPerStep
  let rangeBytes = width &* valueBytes
  let blockBytes = window.kernelHeight &* window.kernelWidth &* rangeBytes &* 16
  var pixel = slice.pixels.lowerBound
  let tilePixels = groups &* Products.pixelsPerAccumulator
  while pixel < slice.pixels.upperBound {
    let count = min(tilePixels, slice.pixels.upperBound &- pixel)
    let windows = InlineArray<groups, WindowPair> { group in
      // Past the last pixel the tile computes that pixel again, and drops it.
      let first = min(group &* Products.pixelsPerAccumulator, count &- 1)
      let second = min(first &+ Products.pixelsPerAccumulator &- 1, count &- 1)
      return WindowPair(window.window(pixel &+ first), window.window(pixel &+ second))
    }
    for block in slice.blocks {
      let constants = output.constants(block: block)
      let sums = groupedRangeSums(
        Products.self, window, windows, layer.order.firstInput(block: block, width: width) &* valueBytes,
        rangeBytes: rangeBytes, columnBytes: window.channels &* valueBytes, window.weights + block &* blockBytes)
      for index in 0..<count {
        let group = index / Products.pixelsPerAccumulator
        let row = (pixel &+ index) / window.outputWidth
        output.store(
          index == group &* Products.pixelsPerAccumulator
            ? sums[unchecked: group].first : sums[unchecked: group].second,
          constants, block: block, row: row, column: pixel &+ index &- row &* window.outputWidth)
      }
    }
    pixel &+= count
  }
}

extension DepthwiseLayer {
  /// The window of an output pixel, counted row by row.
  @inlinable @inline(__always)
  func window(_ pixel: Int) -> UnsafeRawPointer {
    let row = pixel / outputWidth
    return input + (row &* rowBytes &+ (pixel &- row &* outputWidth) &* pixelBytes)
  }
}

/// The sums of one register tile, as `directTileSums`, over a range of each pixel's channels.
@inlinable @inline(__always)
func groupedRangeSums<Products: DotProducts, let groups: Int>(
  _: Products.Type, _ layer: DepthwiseLayer, _ windows: InlineArray<groups, WindowPair>, _ firstBytes: Int,
  rangeBytes: Int, columnBytes: Int, _ weights: UnsafeRawPointer
) -> InlineArray<groups, SumPair<Products.Sum>> {
  var accumulators = InlineArray<groups, Products.Accumulator>(repeating: Products.zero())
  var weight = weights
  var row = 0
  repeat {
    var columnOffset = firstBytes &+ row &* layer.windowRowBytes
    var column = layer.kernelWidth
    repeat {
      var offset = columnOffset
      var bytes = rangeBytes
      repeat {
        let pixels = InlineArray<groups, Products.PixelVector> { group in
          Products.loadPixels(windows[unchecked: group].first + offset, windows[unchecked: group].second + offset)
        }
        forEachConstant(Products.dotsPerLoad) { lane in
          let weightVector = Products.loadWeights(weight, lane: lane)
          for group in 0..<groups {
            Products.dot(&accumulators[unchecked: group], pixels[unchecked: group], lane: lane, weightVector)
          }
        }
        offset &+= Products.pixelBytesPerLoad
        weight += Products.pixelBytesPerLoad &* 16
        bytes &-= Products.pixelBytesPerLoad
      } while bytes != 0
      columnOffset &+= columnBytes
      column &-= 1
    } while column != 0
    row &+= 1
  } while row < layer.kernelHeight
  return InlineArray { group in
    SumPair(
      Products.sums(accumulators[unchecked: group], pixel: 0),
      Products.sums(accumulators[unchecked: group], pixel: Products.pixelsPerAccumulator &- 1))
  }
}
