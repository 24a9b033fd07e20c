/// Convolves a slice, `DepthwiseLayer.tilePixels` pixels of 16 channels at a time. Tiles run on over the ends of rows.
/// The channels of a tile are computed one after the other, as they are in memory: those of one block alone are a power of 2
/// apart, and would share a few sets of the cache.
@inlinable @inline(__always)
func convolveDepthwise<Products: DepthwiseProducts, Output: ConvolutionOutput>(
  _: Products.Type, _ layer: DepthwiseLayer, _ output: Output, _ slice: ConvolutionSlice
) where Output.Sum == Products.Sum {
  var pixel = slice.pixels.lowerBound
  var row = pixel / layer.outputWidth
  var column = pixel &- row &* layer.outputWidth
  while pixel < slice.pixels.upperBound {
    let count = min(DepthwiseLayer.tilePixels, slice.pixels.upperBound &- pixel)
    var windows = InlineArray<4, UnsafeRawPointer>(repeating: layer.input)
    var (windowRow, windowColumn) = (row, column)
    var window = layer.input + (row &* layer.rowBytes &+ column &* layer.pixelBytes)
    for index in 0..<4 {
      windows[unchecked: index] = window
      // Past the last pixel the tile computes that pixel again, and drops it.
      if index &+ 1 < count {
        windowColumn &+= 1
        window += layer.pixelBytes
        if windowColumn == layer.outputWidth {
          windowColumn = 0
          windowRow &+= 1
          window = layer.input + (windowRow &* layer.rowBytes)
        }
      }
    }
    for block in slice.blocks {
      let constants = output.constants(block: block)
      let sums = depthwiseSums(
        Products.self, layer, windows, firstChannelBytes: block &* 16 &* Products.values.bytes)
      (windowRow, windowColumn) = (row, column)
      for index in 0..<count {
        output.store(sums[unchecked: index], constants, block: block, row: windowRow, column: windowColumn)
        windowColumn &+= 1
        if windowColumn == layer.outputWidth {
          windowColumn = 0
          windowRow &+= 1
        }
      }
    }
    pixel &+= count
    column &+= count
    while column >= layer.outputWidth {
      column &-= layer.outputWidth
      row &+= 1
    }
  }
}

/// The sums of one register tile: the whole kernel, two of its positions at a time.
@inlinable @inline(__always)
func depthwiseSums<Products: DepthwiseProducts>(
  _: Products.Type, _ layer: DepthwiseLayer, _ windows: InlineArray<4, UnsafeRawPointer>, firstChannelBytes: Int
) -> InlineArray<4, SIMD16<Products.Sum>> {
  var sums = InlineArray<4, SIMD16<Products.Sum>>(repeating: SIMD16())
  let columnBytes = layer.channels &* Products.values.bytes
  var weight = layer.weights + firstChannelBytes
  if layer.kernelHeight == 3 && layer.kernelWidth == 3 {
    // Without a loop there is nothing to keep count of.
    let position = { (index: Int) in
      firstChannelBytes &+ index / 3 &* layer.windowRowBytes &+ index % 3 &* columnBytes
    }
    addDepthwisePair(
      Products.self, &sums, windows, first: position(0), second: position(1), weights: weight,
      columnBytes: columnBytes)
    addDepthwisePair(
      Products.self, &sums, windows, first: position(2), second: position(3), weights: weight + 2 &* columnBytes,
      columnBytes: columnBytes)
    addDepthwisePair(
      Products.self, &sums, windows, first: position(4), second: position(5), weights: weight + 4 &* columnBytes,
      columnBytes: columnBytes)
    addDepthwisePair(
      Products.self, &sums, windows, first: position(6), second: position(7), weights: weight + 6 &* columnBytes,
      columnBytes: columnBytes)
    addLastDepthwisePosition(Products.self, &sums, windows, at: position(8), weights: weight + 8 &* columnBytes)
    return sums
  }
  let rowEndBytes = layer.windowRowBytes &- layer.kernelWidth &* columnBytes
  var (first, column) = (firstChannelBytes, 0)
  var rest = layer.kernelHeight &* layer.kernelWidth
  while rest > 1 {
    let second = nextDepthwisePosition(
      first, &column, width: layer.kernelWidth, columnBytes: columnBytes, rowEndBytes: rowEndBytes)
    addDepthwisePair(
      Products.self, &sums, windows, first: first, second: second, weights: weight, columnBytes: columnBytes)
    first = nextDepthwisePosition(
      second, &column, width: layer.kernelWidth, columnBytes: columnBytes, rowEndBytes: rowEndBytes)
    weight += 2 &* columnBytes
    rest &-= 2
  }
  if rest == 1 { addLastDepthwisePosition(Products.self, &sums, windows, at: first, weights: weight) }
  return sums
}

/// The products of two positions of the kernel, whose weights are `columnBytes` apart.
@inlinable @inline(__always)
func addDepthwisePair<Products: DepthwiseProducts>(
  _: Products.Type, _ sums: inout InlineArray<4, SIMD16<Products.Sum>>, _ windows: InlineArray<4, UnsafeRawPointer>,
  first: Int, second: Int, weights: UnsafeRawPointer, columnBytes: Int
) {
  let firstWeights = Products.loadWeights(weights)
  let secondWeights = Products.loadWeights(weights + columnBytes)
  for index in 0..<4 {
    let window = windows[unchecked: index]
    Products.add(
      &sums[unchecked: index], Products.loadPixel(window + first), firstWeights,
      Products.loadPixel(window + second), secondWeights)
  }
}

@inlinable @inline(__always)
func addLastDepthwisePosition<Products: DepthwiseProducts>(
  _: Products.Type, _ sums: inout InlineArray<4, SIMD16<Products.Sum>>, _ windows: InlineArray<4, UnsafeRawPointer>,
  at position: Int, weights: UnsafeRawPointer
) {
  let lastWeights = Products.loadWeights(weights)
  for index in 0..<4 {
    Products.add(&sums[unchecked: index], Products.loadPixel(windows[unchecked: index] + position), lastWeights)
  }
}

/// The offset in a window of the position after the one at `offset`.
@inlinable @inline(__always)
func nextDepthwisePosition(
  _ offset: Int, _ column: inout Int, width: Int, columnBytes: Int, rowEndBytes: Int
) -> Int {
  column &+= 1
  guard column == width else { return offset &+ columnBytes }
  column = 0
  return offset &+ columnBytes &+ rowEndBytes
}
