import CSIMD

/// A 3×3 convolution of int8 as exact Winograd: 4 × 4 outputs at once for 36 multiplications instead of 144, or for 81 with
/// stride 2 (`WinogradForm`).
///
/// The outputs are cut into tiles of 4 × 4, or 3 at the right and lower edge (`WinogradTiling`), counted row by row. First the
/// input's tiles are transformed (`transformInput`), then come the products and outputs, whose weights are transformed on the
/// way, from the packed order of fours.
///
/// The sums are exact where 128 · Σ|w| + |bias| < 2²⁵ for each output channel.
public struct WinogradLayer: @unchecked Sendable {
  /// The first byte of the first window: [row][column][channel], `rowBytes` from row to row.
  public var input: UnsafePointer<Int8>
  public var rowBytes: Int
  /// As stored: a multiple of 16.
  public var channels: Int
  /// [block of 16 output channels][3][3 · channels / 4][16][4].
  public var weights: UnsafeRawPointer
  /// 1 or 2.
  public var stride: Int
  public var outputHeight: Int
  public var outputWidth: Int
  /// The transformed input, [36 or 81 points][tile][channel], the points `transformedStride` values apart.
  public var transformed: UnsafeMutablePointer<Int16>

  @inlinable
  public init(
    input: UnsafePointer<Int8>, rowBytes: Int, channels: Int, weights: UnsafeRawPointer, stride: Int,
    outputHeight: Int, outputWidth: Int, transformed: UnsafeMutablePointer<Int16>
  ) {
    self.input = input
    self.rowBytes = rowBytes
    self.channels = channels
    self.weights = weights
    self.stride = stride
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.transformed = transformed
  }

  @inlinable @inline(__always)
  public var down: WinogradTiling { WinogradTiling(outputs: outputHeight) }
  @inlinable @inline(__always)
  public var across: WinogradTiling { WinogradTiling(outputs: outputWidth) }
  @inlinable @inline(__always)
  public var tiles: Int { down.count &* across.count }

  // A cache line more than the data need: points that are a power of 2 apart would share a few sets of the cache.
  @inlinable @inline(__always)
  var transformedStride: Int { tiles &* channels &+ 32 }
  @inlinable @inline(__always)
  static func weightStride(channels: Int) -> Int { channels &* 32 &+ 64 }

  /// Places along one side of a tile at which it is multiplied.
  @inlinable
  public static func places(stride: Int) -> Int { stride == 1 ? WinogradUnitStride.places : WinogradStrideTwo.places }
  @inlinable
  var points: Int { WinogradLayer.places(stride: stride) &* WinogradLayer.places(stride: stride) }

  /// Values of `transformed`.
  @inlinable
  public var transformedCount: Int { points &* transformedStride }

  /// At most so many tiles' products are kept until all points are done, so that a point's weights stay in the cache for them.
  @inlinable @inline(__always)
  static var largestChunk: Int { 24 }

  /// Bytes of scratch memory, aligned to 64, that a thread needs: a block's weights and a chunk's products.
  @inlinable
  public var scratchBytes: Int {
    36 &* WinogradLayer.weightStride(channels: channels) &+ points &* WinogradLayer.largestChunk &* 64
  }
}

/// The products of a slice, whose `pixels` are tiles, and what `output` makes of the sums.
@inlinable @inline(__always)
public func convolveTransformed<Arithmetic: TransformedArithmetic, Output: RequantisedOutput, let groups: Int>(
  _: Arithmetic.Type, _ layer: WinogradLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, 1>
) {
  if layer.stride == 1 {
    convolveTransformed(Arithmetic.self, WinogradUnitStride.self, layer, output, slice, scratch: scratch, tile: tile)
  } else {
    convolveTransformed(Arithmetic.self, WinogradStrideTwo.self, layer, output, slice, scratch: scratch, tile: tile)
  }
}

/// As `convolveTransformed` with one register tile, with whichever of two wastes less of its last tiles.
@inlinable @inline(__always)
public func convolveTransformed<
  Arithmetic: TransformedArithmetic, Output: RequantisedOutput, let groups: Int, let narrowGroups: Int
>(
  _: Arithmetic.Type, _ layer: WinogradLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, 1>, narrow: Tile<narrowGroups, 1>
) {
  if wastesLess(slice.pixels.count, narrow: narrowGroups, than: groups) {
    convolveTransformed(Arithmetic.self, layer, output, slice, scratch: scratch, tile: narrow)
  } else {
    convolveTransformed(Arithmetic.self, layer, output, slice, scratch: scratch, tile: tile)
  }
}

@inlinable @inline(__always)
func convolveTransformed<
  Arithmetic: TransformedArithmetic, Form: WinogradForm, Output: RequantisedOutput, let groups: Int
>(
  _: Arithmetic.Type, _: Form.Type, _ layer: WinogradLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, 1>
) {
  let weightBytes = 36 &* WinogradLayer.weightStride(channels: layer.channels)
  let products = (scratch + weightBytes).assumingMemoryBound(to: SIMD16<Int32>.self)
  let chunk = WinogradLayer.largestChunk / groups &* groups
  for block in slice.blocks {
    transformWeights(
      Arithmetic.self, Form.self, layer, block: block, to: scratch, taps: UnsafeMutableRawPointer(products))
    let constants = output.constants(block: block)
    var first = slice.pixels.lowerBound
    while first < slice.pixels.upperBound {
      let tiles = first..<min(first &+ chunk, slice.pixels.upperBound)
      for row in 0..<Form.places {
        for column in 0..<Form.places {
          let weightPoint = Form.weightPlace(row) &* 6 &+ Form.weightPlace(column)
          multiply(
            Arithmetic.self, Form.self, layer,
            scratch + weightPoint &* WinogradLayer.weightStride(channels: layer.channels), row: row, column: column,
            tiles: tiles, products: products + (row &* Form.places &+ column) &* WinogradLayer.largestChunk, tile: tile)
        }
      }
      for tile in tiles {
        store(
          Arithmetic.self, Form.self, products + (tile &- first), layer, output, constants, block: block, tile: tile)
      }
      first = tiles.upperBound
    }
  }
}

/// A point's products for those tiles that have it.
@inlinable @inline(__always)
func multiply<Arithmetic: TransformedArithmetic, Form: WinogradForm, let groups: Int>(
  _: Arithmetic.Type, _: Form.Type, _ layer: WinogradLayer, _ weights: UnsafeRawPointer, row: Int, column: Int,
  tiles: Range<Int>, products: UnsafeMutablePointer<SIMD16<Int32>>, tile: Tile<groups, 1>
) {
  let point = row &* Form.places &+ column
  let input = UnsafeRawPointer(layer.transformed + point &* layer.transformedStride)
  let tileBytes = layer.channels &* 2
  let products = products - tiles.lowerBound
  var next = WinogradTileCursor(Form.self, layer, tiles, row: row, column: column)
  if next.isOneRow {
    var (window, target) = (input + next.tile &* tileBytes, products + next.tile)
    while next.rest >= groups {
      let first = window
      let sums = Arithmetic.products(
        channels: layer.channels, weights, InlineArray<groups, UnsafeRawPointer> { first + $0 &* tileBytes })
      for group in 0..<groups { target[group] = sums[unchecked: group] }
      window += groups &* tileBytes
      target += groups
      next.advanceInRow(groups)
    }
  }
  while next.rest >= groups {
    let tiles = InlineArray<groups, Int> { _ in next.advance() }
    let sums = Arithmetic.products(
      channels: layer.channels, weights,
      InlineArray<groups, UnsafeRawPointer> { input + tiles[unchecked: $0] &* tileBytes })
    for group in 0..<groups { products[tiles[unchecked: group]] = sums[unchecked: group] }
  }
  if Arithmetic.multipliesRestSingly {
    while next.rest > 0 {
      let tile = next.advance()
      let sums: InlineArray<1, SIMD16<Int32>> = Arithmetic.products(
        channels: layer.channels, weights, [input + tile &* tileBytes])
      products[tile] = sums[unchecked: 0]
    }
  } else if next.rest > 0 {
    let count = next.rest
    var tiles = InlineArray<groups, Int>(repeating: next.tile)
    for group in 0..<count { tiles[unchecked: group] = next.advance() }
    let sums = Arithmetic.products(
      channels: layer.channels, weights,
      InlineArray<groups, UnsafeRawPointer> { input + tiles[unchecked: $0] &* tileBytes })
    for group in 0..<count { products[tiles[unchecked: group]] = sums[unchecked: group] }
  }
}

/// The outputs of one tile, from its products, in whose place the sums come.
@inlinable @inline(__always)
func store<Arithmetic: TransformedArithmetic, Form: WinogradForm, Output: RequantisedOutput>(
  _: Arithmetic.Type, _: Form.Type, _ products: UnsafeMutablePointer<SIMD16<Int32>>, _ layer: WinogradLayer,
  _ output: Output, _ constants: Output.Constants, block: Int, tile: Int
) {
  let (down, across) = (layer.down, layer.across)
  let tileRow = tile / across.count
  let tileColumn = tile &- tileRow &* across.count
  transformProducts(
    Arithmetic.self, Form.self, products, bias: output.requantisation.bias + block &* 16,
    narrowRows: down.isNarrow(tileRow),
    narrowColumns: across.isNarrow(tileColumn))
  if output.requantisation.isLinear {
    storeSums(
      Arithmetic.self, products, layer, output, constants, isLinear: true, block: block, tileRow: tileRow,
      tileColumn: tileColumn)
  } else {
    storeSums(
      Arithmetic.self, products, layer, output, constants, isLinear: false, block: block, tileRow: tileRow,
      tileColumn: tileColumn)
  }
}

@inlinable @inline(__always)
func storeSums<Arithmetic: TransformedArithmetic, Output: RequantisedOutput>(
  _: Arithmetic.Type, _ sums: UnsafePointer<SIMD16<Int32>>, _ layer: WinogradLayer, _ output: Output,
  _ constants: Output.Constants, isLinear: Bool, block: Int, tileRow: Int, tileColumn: Int
) {
  let (firstRow, firstColumn) = (layer.down.start(tileRow), layer.across.start(tileColumn))
  for row in 0..<layer.down.outputs(of: tileRow) {
    for column in 0..<layer.across.outputs(of: tileColumn) {
      output.store(
        biased: csimd_float_from_64ths(sums[(row &* 4 &+ column) &* WinogradLayer.largestChunk]), isLinear: isLinear,
        constants, block: block, row: firstRow &+ row, column: firstColumn &+ column)
    }
  }
}
