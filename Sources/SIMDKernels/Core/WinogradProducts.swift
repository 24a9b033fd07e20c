/// The products of a slice, whose `pixels` are tiles, and what `output` makes of the sums. The tile's groups are tiles, of
/// whose three numbers the products take the one that wastes least.
@inlinable @inline(__always)
public func convolveTransformed<
  Arithmetic: TransformedArithmetic, Output: RequantisedOutput, let wide: Int, let middle: Int, let narrow: Int,
  let vectors: Int
>(
  _: Arithmetic.Type, _ layer: WinogradLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: TransformedTile<wide, middle, narrow, vectors>
) {
  if layer.stride == 1 {
    convolveTransformed(Arithmetic.self, WinogradUnitStride.self, layer, output, slice, scratch: scratch, tile: tile)
  } else {
    convolveTransformed(Arithmetic.self, WinogradStrideTwo.self, layer, output, slice, scratch: scratch, tile: tile)
  }
}

@inlinable @inline(__always)
func convolveTransformed<
  Arithmetic: TransformedArithmetic, Form: WinogradForm, Output: RequantisedOutput, let wide: Int, let middle: Int,
  let narrow: Int, let vectors: Int
>(
  _: Arithmetic.Type, _: Form.Type, _ layer: WinogradLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: TransformedTile<wide, middle, narrow, vectors>
) {
  var block = slice.blocks.lowerBound
  while block &+ vectors <= slice.blocks.upperBound {
    convolveTransformedBlocks(
      Arithmetic.self, Form.self, layer, output, block: block, isFirst: block == slice.blocks.lowerBound,
      tiles: slice.pixels, scratch: scratch, tile: tile)
    block &+= vectors
  }
  while block < slice.blocks.upperBound {
    convolveTransformedBlocks(
      Arithmetic.self, Form.self, layer, output, block: block, isFirst: block == slice.blocks.lowerBound,
      tiles: slice.pixels, scratch: scratch,
      tile: TransformedTile<wide, middle, narrow, 1>())
    block &+= 1
  }
}

/// A register tile of products: `wide`, `middle` or `narrow` tiles of 4 × 4 outputs × `vectors` blocks of 16 output channels.
public struct TransformedTile<let wide: Int, let middle: Int, let narrow: Int, let vectors: Int> {
  @inlinable @inline(__always)
  public init() {}

  /// The number of tiles, of the three, of which fewest are computed to cover `count`.
  @inlinable @inline(__always)
  func groups(covering count: Int) -> Int {
    let computed = { (groups: Int) in (count &+ groups &- 1) / groups &* groups }
    if computed(wide) <= min(computed(middle), computed(narrow)) { return wide }
    return computed(middle) <= computed(narrow) ? middle : narrow
  }
}

@inlinable @inline(__always)
func convolveTransformedBlocks<
  Arithmetic: TransformedArithmetic, Form: WinogradForm, Output: RequantisedOutput, let wide: Int, let middle: Int,
  let narrow: Int, let vectors: Int
>(
  _: Arithmetic.Type, _: Form.Type, _ layer: WinogradLayer, _ output: Output, block: Int, isFirst: Bool,
  tiles: Range<Int>, scratch: UnsafeMutableRawPointer, tile: TransformedTile<wide, middle, narrow, vectors>
) {
  let order = TransformedWeightOrder(blocks: vectors, columnsInLoop: Arithmetic.transformsColumnsInLoop)
  let planeBytes = order.planeBytes(channels: layer.channels)
  let products = (scratch + order.bytes(channels: layer.channels)).assumingMemoryBound(to: SIMD16<Int32>.self)
  for vector in 0..<vectors {
    transformWeights(
      Arithmetic.self, Form.self, layer, block: block &+ vector,
      to: scratch + vector &* order.blockBytes(channels: layer.channels), planeBytes: planeBytes,
      taps: UnsafeMutableRawPointer(products), isFirst: isFirst)
  }
  let groups = tile.groups(covering: tiles.count)
  let chunk = WinogradLayer.largestChunk / groups &* groups
  let pointStride = vectors &* WinogradLayer.largestChunk
  var prefetch = WeightPrefetch(
    layer, blocks: block &+ vectors..<block &+ 2 &* vectors,
    registerTiles: (min(chunk, tiles.count) &+ groups &- 1) / groups)
  var first = tiles.lowerBound
  while first < tiles.upperBound {
    let part = first..<min(first &+ chunk, tiles.upperBound)
    var input = layer.transformed
    var sums = products - first
    for row in 0..<Form.places {
      let plane = Form.weightPlace(row)
      for column in 0..<Form.places {
        let place = Form.weightPlace(column)
        let present = layer.tiles(Form.self, row: row, column: column).clamped(to: part)
        let matrix = TransformedMatrix(
          input: input + present.lowerBound &* 16, blockBytes: layer.tiles &* 32, channels: layer.channels,
          weights: scratch + (order.columnsInLoop ? plane : plane &* 6 &+ place) &* planeBytes,
          products: sums + present.lowerBound, tiles: present.count)
        switch tile.groups(covering: present.count) {
        case wide: multiply(Arithmetic.self, Form.self, column: place, matrix, &prefetch, Tile<wide, vectors>())
        case middle: multiply(Arithmetic.self, Form.self, column: place, matrix, &prefetch, Tile<middle, vectors>())
        default: multiply(Arithmetic.self, Form.self, column: place, matrix, &prefetch, Tile<narrow, vectors>())
        }
        input += layer.transformedStride
        sums += pointStride
      }
    }
    for vector in 0..<vectors {
      let constants = output.constants(block: block &+ vector)
      for tile in part {
        store(
          Arithmetic.self, Form.self, products + (vector &* WinogradLayer.largestChunk &+ (tile &- first)),
          Tile<1, vectors>(), layer, output, constants, block: block &+ vector, tile: tile)
      }
    }
    first = part.upperBound
  }
}

@inlinable @inline(never)
func multiply<Arithmetic: TransformedArithmetic, Form: WinogradForm, let groups: Int, let vectors: Int>(
  _: Arithmetic.Type, _: Form.Type, column: Int, _ matrix: TransformedMatrix, _ prefetch: inout WeightPrefetch,
  _ tile: Tile<groups, vectors>
) {
  if !Arithmetic.prefetchesInLoop {
    prefetch.fetch(channels: (matrix.tiles &+ groups &- 1) / groups &* matrix.channels)
  }
  guard Arithmetic.transformsColumnsInLoop else {
    multiply(Arithmetic.self, Form.self, constantColumn: 0, matrix, &prefetch, tile)
    return
  }
  switch column {
  case 0: multiply(Arithmetic.self, Form.self, constantColumn: 0, matrix, &prefetch, tile)
  case 1: multiply(Arithmetic.self, Form.self, constantColumn: 1, matrix, &prefetch, tile)
  case 2: multiply(Arithmetic.self, Form.self, constantColumn: 2, matrix, &prefetch, tile)
  case 3: multiply(Arithmetic.self, Form.self, constantColumn: 3, matrix, &prefetch, tile)
  case 4: multiply(Arithmetic.self, Form.self, constantColumn: 4, matrix, &prefetch, tile)
  default: multiply(Arithmetic.self, Form.self, constantColumn: 5, matrix, &prefetch, tile)
  }
}

@inlinable @inline(__always)
func multiply<Arithmetic: TransformedArithmetic, Form: WinogradForm, let groups: Int, let vectors: Int>(
  _: Arithmetic.Type, _: Form.Type, constantColumn column: Int, _ matrix: TransformedMatrix,
  _ prefetch: inout WeightPrefetch, _ tile: Tile<groups, vectors>
) {
  var first = 0
  while first < matrix.tiles {
    if Arithmetic.multipliesRestSingly && matrix.tiles &- first < groups {
      multiply(Arithmetic.self, Form.self, column, matrix, &prefetch, first: first, Tile<1, vectors>())
      first &+= 1
    } else {
      multiply(Arithmetic.self, Form.self, column, matrix, &prefetch, first: first, tile)
      first &+= groups
    }
  }
}

/// Those of a register tile. What it computes behind the last of the matrix has no meaning.
@inlinable @inline(__always)
func multiply<Arithmetic: TransformedArithmetic, Form: WinogradForm, let groups: Int, let vectors: Int>(
  _: Arithmetic.Type, _: Form.Type, _ column: Int, _ matrix: TransformedMatrix, _ prefetch: inout WeightPrefetch,
  first: Int, _: Tile<groups, vectors>
) {
  let sums: InlineArray<groups, InlineArray<vectors, SIMD16<Int32>>> = Arithmetic.products(
    Form.self, column: column, matrix, UnsafeRawPointer(matrix.input + first &* 16), &prefetch)
  for index in 0..<groups {
    // From the last one on: the last of the matrix then comes after what stands behind it, in the same place.
    let group = groups &- 1 &- index
    let place = Arithmetic.multipliesRestSingly ? first &+ group : min(first &+ group, matrix.tiles &- 1)
    for vector in 0..<vectors {
      matrix.products[vector &* WinogradLayer.largestChunk &+ place] = sums[unchecked: group][unchecked: vector]
    }
  }
}
