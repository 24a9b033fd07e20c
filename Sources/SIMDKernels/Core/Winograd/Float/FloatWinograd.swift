import CSIMD

/// Convolves a slice whose `pixels` are tiles, with scratch memory: transforms the input's tiles, then block by block
/// the weights, multiplies, and transforms back what `output` takes.
@inlinable @inline(__always)
func convolveFloatWinograd<Products: DotProducts, let groups: Int, let vectors: Int>(
  _: Products.Type, _ layer: FloatWinogradLayer, _ output: FloatOutput, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, vectors>
) where Products.Sum == Float {
  let scratch = FloatWinogradScratch(
    scratch, tiles: slice.pixels.count, channels: layer.channels, vectors: vectors)
  transformFloatInput(Products.self, layer, tiles: slice.pixels, to: scratch)
  var block = slice.blocks.lowerBound
  while block &+ vectors <= slice.blocks.upperBound {
    convolveFloatWinogradBlocks(
      Products.self, layer, output, block: block, of: slice.blocks, tiles: slice.pixels, scratch,
      tile: Tile<groups, vectors>())
    block &+= vectors
  }
  while block < slice.blocks.upperBound {
    convolveFloatWinogradBlocks(
      Products.self, layer, output, block: block, of: slice.blocks, tiles: slice.pixels, scratch,
      tile: Tile<groups, 1>())
    block &+= 1
  }
}

/// Brings a range of tiles into `transformed`.
@inlinable @inline(__always)
func transformFloatInput<Products: DotProducts>(
  _: Products.Type, _ layer: FloatWinogradLayer, tiles: Range<Int>, to scratch: FloatWinogradScratch
) {
  let (down, across) = (layer.down, layer.across)
  let (lastRow, lastColumn) = (layer.outputHeight &+ 1, layer.outputWidth &+ 1)
  var tileOutput = scratch.transformed
  for tile in tiles {
    let (tileRow, tileColumn) = layer.position(tile)
    let (firstRow, firstColumn) = (down.start(tileRow), across.start(tileColumn))
    // Outputs inside the image do not depend on what stands in for rows and columns outside.
    let rows = InlineArray<6, UnsafePointer<Float>> {
      layer.input + min(firstRow &+ $0, lastRow) &* layer.rowStride
    }
    let columns = InlineArray<6, Int> { min(firstColumn &+ $0, lastColumn) &* layer.channels }
    let (narrowRows, narrowColumns) = (down.isNarrow(tileRow), across.isNarrow(tileColumn))
    var channel = 0
    repeat {
      let column = { (index: Int) in
        let offset = columns[unchecked: index] &+ channel
        return floatWinogradInput(InlineArray { row in load(rows[unchecked: row] + offset) }, narrow: narrowRows)
      }
      let points = SixColumns(column(0), column(1), column(2), column(3), column(4), column(5))
      let output = tileOutput + channel &* 4
      forEachConstant(6) { row in
        let transformed = floatWinogradInput(points.row(row), narrow: narrowColumns)
        forEachConstant(6) { column in
          (output + (row &* 6 &+ column) &* scratch.transformedPointBytes).storeBytes(
            of: transformed[unchecked: column], as: SIMD16<Float>.self)
        }
      }
      channel &+= 16
    } while channel < layer.channels
    tileOutput += layer.channels &* 4
  }
}

/// Computes all tiles of the slice for `vectors` of its blocks of output channels.
@inlinable @inline(__always)
func convolveFloatWinogradBlocks<Products: DotProducts, let groups: Int, let vectors: Int>(
  _: Products.Type, _ layer: FloatWinogradLayer, _ output: FloatOutput, block: Int, of blocks: Range<Int>,
  tiles: Range<Int>, _ scratch: FloatWinogradScratch, tile: Tile<groups, vectors>
) where Products.Sum == Float {
  var channel = 0
  repeat {
    let channels = channel..<min(channel &+ FloatWinogradScratch.channelsAtOnce, layer.channels)
    for vector in 0..<vectors {
      transformFloatWeights(
        Products.self, layer, block: block &+ vector, channels: channels,
        to: scratch.weights + vector &* channels.count &* 64,
        pointBytes: scratch.weightPointBytes)
    }
    let isLast = channels.upperBound == layer.channels
    let upcoming = layer.weights(
      block: isLast ? block &+ vectors : block, channel: isLast ? 0 : channels.upperBound)
    let hasUpcoming = !isLast || block &+ 2 &* vectors <= blocks.upperBound
    for point in 0..<36 {
      if hasUpcoming {
        // The products leave the memory idle: with each point comes a 36th of the next weights.
        for vector in 0..<vectors {
          let first = upcoming + (vector &* layer.channels &* 144 &+ point &* channels.count &* 4)
          for line in 0..<channels.count / 4 { csimd_prefetch(first + line &* 16) }
        }
      }
      let having = layer.tiles(WinogradUnitStride.self, row: point / 6, column: point % 6).clamped(to: tiles)
      multiplyFloatPoint(
        Products.self, layer, scratch, point: point, channels: channels,
        tiles: having.lowerBound &- tiles.lowerBound..<having.upperBound &- tiles.lowerBound, tile: tile)
    }
    channel = channels.upperBound
  } while channel < layer.channels
  let constants = InlineArray<vectors, FloatOutput.Constants> { output.constants(block: block &+ $0) }
  for index in 0..<tiles.count {
    for vector in 0..<vectors {
      storeFloatWinogradOutputs(
        Products.self, scratch.products + (index &* vectors &+ vector) &* 64, pointBytes: scratch.productPointBytes,
        layer, output, constants[unchecked: vector], block: block &+ vector, tile: tiles.lowerBound &+ index)
    }
  }
}

/// A range of input channels' transformed weights of one block: [36 points][input channel][16].
@inlinable @inline(__always)
func transformFloatWeights<Products: DotProducts>(
  _: Products.Type, _ layer: FloatWinogradLayer, block: Int, channels: Range<Int>, to output: UnsafeMutableRawPointer,
  pointBytes: Int
) {
  var weights = layer.weights(block: block, channel: channels.lowerBound)
  var target = output
  for _ in channels {
    let taps = weights
    for line in 0..<9 { csimd_prefetch(taps + (4 &* 144 &+ line &* 16)) }
    let column = { (column: Int) -> InlineArray<6, SIMD16<Float>> in
      let (g0, g1, g2) = (taps + column &* 16, taps + (column &+ 3) &* 16, taps + (column &+ 6) &* 16)
      return floatWinogradWeights(load(g0), load(g1), load(g2))
    }
    let (a, b, c) = (column(0), column(1), column(2))
    forEachConstant(6) { row in
      let points = floatWinogradWeights(a[unchecked: row], b[unchecked: row], c[unchecked: row])
      forEachConstant(6) { column in
        (target + (row &* 6 &+ column) &* pointBytes).storeBytes(
          of: points[unchecked: column], as: SIMD16<Float>.self)
      }
    }
    weights += 144
    target += 64
  }
}

/// A point's products over a range of input channels, for the tiles that have it, counted from the slice's first: the
/// first range's are stored, the others' added.
@inlinable @inline(__always)
func multiplyFloatPoint<Products: DotProducts, let groups: Int, let vectors: Int>(
  _: Products.Type, _ layer: FloatWinogradLayer, _ scratch: FloatWinogradScratch, point: Int, channels: Range<Int>,
  tiles: Range<Int>, tile: Tile<groups, vectors>
) where Products.Sum == Float {
  let input = UnsafeRawPointer(
    scratch.transformed + (point &* scratch.transformedPointBytes &+ channels.lowerBound &* 4))
  // One window of one pixel: a product of matrices.
  let matrix = ConvolutionLayer(
    input: input, windowRowBytes: 0, windowRows: 1, stepsPerRow: channels.count, pixelBytes: layer.channels &* 4,
    rowBytes: 0, weights: scratch.weights + point &* scratch.weightPointBytes, outputWidth: 1)
  let products = scratch.products + point &* scratch.productPointBytes
  let isFirst = channels.lowerBound == 0
  var next = tiles.lowerBound
  while next &+ groups <= tiles.upperBound {
    multiplyFloatPointTile(Products.self, matrix, next, products, isFirst: isFirst, tile: Tile<groups, vectors>())
    next &+= groups
  }
  while next < tiles.upperBound {
    multiplyFloatPointTile(Products.self, matrix, next, products, isFirst: isFirst, tile: Tile<1, vectors>())
    next &+= 1
  }
}

/// The products of one register tile.
@inlinable @inline(__always)
func multiplyFloatPointTile<Products: DotProducts, let groups: Int, let vectors: Int>(
  _: Products.Type, _ matrix: ConvolutionLayer, _ first: Int, _ products: UnsafeMutableRawPointer, isFirst: Bool,
  tile: Tile<groups, vectors>
) where Products.Sum == Float {
  let windows = InlineArray<groups, WindowPair> { group in
    let window = matrix.input + (first &+ group) &* matrix.pixelBytes
    return WindowPair(window, window)
  }
  var sums = InlineArray<groups, InlineArray<vectors, SumPair<Float>>>(
    repeating: InlineArray(repeating: SumPair(SIMD16(), SIMD16())))
  accumulateDirectTile(Products.self, matrix, matrix.weights, windows, into: &sums)
  var target = (products + first &* vectors &* 64).assumingMemoryBound(to: SIMD16<Float>.self)
  for group in 0..<groups {
    for vector in 0..<vectors {
      let sum = sums[unchecked: group][unchecked: vector].first
      target[vector] = isFirst ? sum : target[vector] + sum
    }
    target += vectors
  }
}

/// The 4 × 4 outputs of one tile, from its 36 products.
@inlinable @inline(__always)
func storeFloatWinogradOutputs<Products: DotProducts>(
  _: Products.Type, _ products: UnsafeRawPointer, pointBytes: Int, _ layer: FloatWinogradLayer,
  _ output: FloatOutput, _ constants: FloatOutput.Constants, block: Int, tile: Int
) {
  let (down, across) = (layer.down, layer.across)
  let (tileRow, tileColumn) = layer.position(tile)
  let (narrowRows, narrowColumns) = (down.isNarrow(tileRow), across.isNarrow(tileColumn))
  let column = { (index: Int) in
    floatWinogradOutput(
      InlineArray { row in
        (products + (row &* 6 &+ index) &* pointBytes).loadUnaligned(as: SIMD16<Float>.self)
      }, narrow: narrowRows)
  }
  let points = SixColumns(column(0), column(1), column(2), column(3), column(4), column(5))
  let (firstRow, firstColumn) = (down.start(tileRow), across.start(tileColumn))
  let (rows, columns) = (down.outputs(of: tileRow), across.outputs(of: tileColumn))
  forEachConstant(4) { row in
    guard row < rows else { return }
    let sums = floatWinogradOutput(points.row(row), narrow: narrowColumns)
    forEachConstant(4) { column in
      guard column < columns else { return }
      output.store(
        sums[unchecked: column], constants, block: block, row: firstRow &+ row, column: firstColumn &+ column)
    }
  }
}
