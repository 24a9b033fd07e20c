import CSIMD

/// A 3×3 convolution with stride 1 of int8 as exact Winograd: 4 × 4 outputs at once for 36 multiplications instead of 144.
///
/// The outputs are cut into tiles of 4 × 4, counted row by row. At the right and lower edge a tile may have three outputs, of
/// which it computes four, or one or two: such a *half* tile has fewer points. First the input's tiles are transformed
/// (`transformInput`), then come the products and outputs, whose weights are transformed on the way, from the packed order of
/// fours.
///
/// The sums are exact where 128 · Σ|w| < 2²⁵ for each output channel.
public struct WinogradLayer: WinogradTiling, @unchecked Sendable {
  /// The first byte of the first window: [row][column][channel], `rowBytes` from row to row.
  public var input: UnsafePointer<Int8>
  public var rowBytes: Int
  /// As stored: a multiple of 16.
  public var channels: Int
  /// What the input's bytes are XORed with.
  public var flip: Int8
  /// [block of 16 output channels][3][3 · channels / 4][16][4].
  public var weights: UnsafeRawPointer
  public var outputHeight: Int
  public var outputWidth: Int
  /// The transformed input, [36 points][tile][channel], the points `transformedStride` values apart.
  public var transformed: UnsafeMutablePointer<Int16>

  @inlinable
  public init(
    input: UnsafePointer<Int8>, rowBytes: Int, channels: Int, flip: Int8, weights: UnsafeRawPointer, outputHeight: Int,
    outputWidth: Int, transformed: UnsafeMutablePointer<Int16>
  ) {
    self.input = input
    self.rowBytes = rowBytes
    self.channels = channels
    self.flip = flip
    self.weights = weights
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.transformed = transformed
  }

  // A cache line more than the data need: points that are a power of 2 apart would share a few sets of the cache.
  @inlinable @inline(__always)
  var transformedStride: Int { tiles &* channels &+ 32 }
  @inlinable @inline(__always)
  static func weightStride(channels: Int) -> Int { channels &* 32 &+ 64 }

  /// Values of `transformed`.
  @inlinable
  public var transformedCount: Int { 36 &* transformedStride }

  /// At most so many tiles' products are kept until all points are done, so that a point's weights stay in the cache for them.
  @inlinable @inline(__always)
  static var largestChunk: Int { 24 }

  /// Bytes of scratch memory, aligned to 64, that a thread needs: a block's weights and a chunk's products.
  @inlinable
  public static func scratchBytes(channels: Int) -> Int {
    36 &* (weightStride(channels: channels) &+ largestChunk &* 64)
  }
}

/// Brings a range of tiles into `transformed`.
@inlinable @inline(__always)
func transformInput(_ layer: WinogradLayer, tiles: Range<Int>) {
  let (lastRow, lastColumn) = (layer.outputHeight &+ 1, layer.outputWidth &+ 1)
  let pointBytes = layer.transformedStride &* 2
  for tile in tiles {
    let (tileRow, tileColumn) = (tile / layer.tilesAcross, tile % layer.tilesAcross)
    // Outputs inside the image do not depend on what stands in for rows and columns behind it.
    let rows = InlineArray<6, UnsafePointer<Int8>> {
      layer.input + min(tileRow &* 4 &+ $0, lastRow) &* layer.rowBytes
    }
    let columns = InlineArray<6, Int> { min(tileColumn &* 4 &+ $0, lastColumn) &* layer.channels }
    let (halfRows, halfColumns) = (layer.hasHalfRows(tile), layer.hasHalfColumns(tile))
    var channel = 0
    repeat {
      let column = { (index: Int) in
        let offset = columns[unchecked: index] &+ channel
        return winogradInput(
          InlineArray { row in
            csimd_widen_i8_to_i16(load(rows[unchecked: row] + offset) ^ SIMD16(repeating: layer.flip))
          }, half: halfRows)
      }
      let points = SixColumns(column(0), column(1), column(2), column(3), column(4), column(5))
      let output = UnsafeMutableRawPointer(layer.transformed + (tile &* layer.channels &+ channel))
      forSix { row in
        let transformed = winogradInput(points.row(row), half: halfColumns)
        forSix { column in
          (output + (row &* 6 &+ column) &* pointBytes).storeBytes(
            of: transformed[unchecked: column], as: SIMD16<Int16>.self)
        }
      }
      channel &+= 16
    } while channel < layer.channels
  }
}

/// The products of a slice, whose `pixels` are tiles, and what `output` makes of the sums.
@inlinable @inline(__always)
public func convolveTransformed<Arithmetic: TransformedArithmetic, Output: ConvolutionOutput, let groups: Int>(
  _: Arithmetic.Type, _ layer: WinogradLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, 1>
) where Output.Sum == Int32 {
  let weightBytes = 36 &* WinogradLayer.weightStride(channels: layer.channels)
  let products = (scratch + weightBytes).assumingMemoryBound(to: SIMD16<Int32>.self)
  // One window of one pixel: a product of matrices.
  let matrix = ConvolutionLayer(
    input: layer.transformed, windowRowBytes: 0, windowRows: 1, stepsPerRow: layer.channels / 2,
    pixelBytes: layer.channels &* 2, rowBytes: 0, weights: scratch, outputWidth: 1)
  let chunk = WinogradLayer.largestChunk / groups &* groups
  for block in slice.blocks {
    transformWeights(Arithmetic.self, layer, block: block, to: scratch)
    let constants = output.constants(block: block)
    var first = slice.pixels.lowerBound
    while first < slice.pixels.upperBound {
      let tiles = first..<min(first &+ chunk, slice.pixels.upperBound)
      for point in 0..<36 {
        multiply(
          Arithmetic.self, matrix, layer, point: point, tiles: tiles,
          products: products + point &* WinogradLayer.largestChunk, tile: tile)
      }
      for tile in tiles {
        store(products + (tile &- first), layer, output, constants, block: block, tile: tile)
      }
      first = tiles.upperBound
    }
  }
}

/// As `convolveTransformed` with one register tile, with whichever of two wastes less of its last tiles.
@inlinable @inline(__always)
public func convolveTransformed<
  Arithmetic: TransformedArithmetic, Output: ConvolutionOutput, let groups: Int, let narrowGroups: Int
>(
  _: Arithmetic.Type, _ layer: WinogradLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, 1>, narrow: Tile<narrowGroups, 1>
) where Output.Sum == Int32 {
  if wastesLess(slice.pixels.count, narrow: narrowGroups, than: groups) {
    convolveTransformed(Arithmetic.self, layer, output, slice, scratch: scratch, tile: narrow)
  } else {
    convolveTransformed(Arithmetic.self, layer, output, slice, scratch: scratch, tile: tile)
  }
}

/// A point's products for those tiles that have it.
@inlinable @inline(__always)
func multiply<Arithmetic: TransformedArithmetic, let groups: Int>(
  _: Arithmetic.Type, _ matrix: ConvolutionLayer, _ layer: WinogradLayer, point: Int, tiles: Range<Int>,
  products: UnsafeMutablePointer<SIMD16<Int32>>, tile: Tile<groups, 1>
) {
  let weights = matrix.weights + point &* WinogradLayer.weightStride(channels: layer.channels)
  let input = UnsafeRawPointer(layer.transformed + point &* layer.transformedStride)
  let allHaveIt = layer.allHave(point: point)
  var next = tiles.lowerBound
  while true {
    var windows = InlineArray<groups, WindowPair>(repeating: WindowPair(input, input))
    var targets = InlineArray<groups, Int>(repeating: 0)
    var count = 0
    while next < tiles.upperBound && count < groups {
      if allHaveIt || layer.has(point: point, tile: next) {
        let window = input + next &* matrix.pixelBytes
        windows[unchecked: count] = WindowPair(window, window)
        targets[unchecked: count] = next &- tiles.lowerBound
        count &+= 1
      }
      next &+= 1
    }
    if count == 0 { return }
    var sums = InlineArray<groups, InlineArray<1, SumPair<Int32>>>(
      repeating: InlineArray(repeating: SumPair(SIMD16(), SIMD16())))
    accumulate(Arithmetic.self, matrix, weights, windows, into: &sums)
    for group in 0..<count { products[targets[unchecked: group]] = sums[unchecked: group][unchecked: 0].first }
  }
}

/// The 4 × 4 outputs of one tile, from its 36 products.
@inlinable @inline(__always)
func store<Output: ConvolutionOutput>(
  _ products: UnsafePointer<SIMD16<Int32>>, _ layer: WinogradLayer, _ output: Output, _ constants: Output.Constants,
  block: Int, tile: Int
) where Output.Sum == Int32 {
  let (halfRows, halfColumns) = (layer.hasHalfRows(tile), layer.hasHalfColumns(tile))
  let column = { (index: Int) in
    winogradOutput(
      InlineArray { row in products[(row &* 6 &+ index) &* WinogradLayer.largestChunk] }, half: halfRows)
  }
  let points = SixColumns(column(0), column(1), column(2), column(3), column(4), column(5))
  let (firstRow, firstColumn) = (tile / layer.tilesAcross &* 4, tile % layer.tilesAcross &* 4)
  let columns = min(4, layer.outputWidth &- firstColumn)
  let rows = min(4, layer.outputHeight &- firstRow)
  forEachConstant(4) { row in
    guard row < rows else { return }
    let sums = winogradOutput(points.row(row), half: halfColumns)
    forEachConstant(4) { column in
      guard column < columns else { return }
      output.store(
        winogradUnscaled(sums[unchecked: column]), constants, block: block, row: firstRow &+ row,
        column: firstColumn &+ column)
    }
  }
}
