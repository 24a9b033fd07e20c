/// Computes one block of 16 output channels: its weights, the products and the outputs.
@inlinable @inline(__always)
func convolveBlockByPoints<
  Products: TransformedProducts, Form: WinogradForm, Output: RequantisedOutput, let wide: Int, let middle: Int,
  let narrow: Int
>(
  _: Products.Type, _: Form.Type, _ input: TransformedInput, _ output: Output, block: Int, of blocks: Range<Int>,
  scratch: UnsafeMutableRawPointer, tile: TransformedTile<wide, middle, narrow>
) {
  let layer = input.layer
  let planeBytes = PointScratch(layer).planeBytes
  let products = (scratch + 36 &* planeBytes).assumingMemoryBound(to: SIMD16<Int32>.self)
  transformPointWeights(
    Products.self, Form.self, layer, block: block, to: scratch, planeBytes: planeBytes,
    taps: UnsafeMutableRawPointer(products), isFirst: block == blocks.lowerBound)
  let groups = tile.groups(covering: layer.tiles)
  let chunk = PointScratch.largestChunk / groups &* groups
  var prefetch = WeightPrefetch(
    layer, block: block &+ 1,
    steps: Form.places &* Form.places &* ((min(chunk, layer.tiles) &+ groups &- 1) / groups) &* layer.channels / 16)
  var first = 0
  while first < layer.tiles {
    let part = first..<min(first &+ chunk, layer.tiles)
    var point = input.base
    var sums = products - first
    for row in 0..<Form.places {
      for column in 0..<Form.places {
        let present = layer.tiles(Form.self, row: row, column: column).clamped(to: part)
        let matrix = TransformedMatrix(
          input: point + present.lowerBound &* 32, blockBytes: layer.tiles &* 32, channels: layer.channels,
          weights: scratch + (Form.weightPlace(row) &* 6 &+ Form.weightPlace(column)) &* planeBytes,
          products: sums + present.lowerBound, tiles: present.count)
        switch tile.groups(covering: present.count) {
        case wide: multiplyPoint(Products.self, matrix, &prefetch, Tile<wide, 1>())
        case middle: multiplyPoint(Products.self, matrix, &prefetch, Tile<middle, 1>())
        default: multiplyPoint(Products.self, matrix, &prefetch, Tile<narrow, 1>())
        }
        point += input.pointBytes
        sums += PointScratch.largestChunk
      }
    }
    let constants = output.constants(block: block)
    for tile in part {
      storePointOutputs(
        Products.self, Form.self, products + (tile &- first), layer, output, constants, block: block, tile: tile)
    }
    first = part.upperBound
  }
}

@inlinable @inline(never)
func multiplyPoint<Products: TransformedProducts, let groups: Int>(
  _: Products.Type, _ matrix: TransformedMatrix, _ prefetch: inout WeightPrefetch, _ tile: Tile<groups, 1>
) {
  if !Products.prefetchesInLoop {
    prefetch.fetch(steps: (matrix.tiles &+ groups &- 1) / groups &* matrix.channels / 16)
  }
  var first = 0
  while first < matrix.tiles {
    if Products.multipliesRestSingly && matrix.tiles &- first < groups {
      multiplyPointTile(Products.self, matrix, &prefetch, first: first, Tile<1, 1>())
      first &+= 1
    } else {
      multiplyPointTile(Products.self, matrix, &prefetch, first: first, tile)
      first &+= groups
    }
  }
}

/// The products of one register tile. What it computes past the last tile of the matrix has no meaning.
@inlinable @inline(__always)
func multiplyPointTile<Products: TransformedProducts, let groups: Int>(
  _: Products.Type, _ matrix: TransformedMatrix, _ prefetch: inout WeightPrefetch, first: Int, _: Tile<groups, 1>
) {
  let sums: InlineArray<groups, SIMD16<Int32>> = Products.products(matrix, matrix.input + first &* 32, &prefetch)
  for index in 0..<groups {
    // From the last one on: the last of the matrix then comes after what follows it, in the same place.
    let group = groups &- 1 &- index
    let place = Products.multipliesRestSingly ? first &+ group : min(first &+ group, matrix.tiles &- 1)
    matrix.products[place] = sums[unchecked: group]
  }
}
