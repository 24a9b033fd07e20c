import CSIMD

/// A 3×3 convolution with stride 1 of int8 as exact Winograd: 4 × 4 outputs at once for 36 multiplications instead of 144.
///
/// The outputs are cut into tiles of 4 × 4, counted row by row. At the right and lower edge a tile may have three outputs, of
/// which it computes four, or one or two: such a *half* tile has fewer points. First the input's tiles are transformed (`transformInput`), then come the products and outputs, whose
/// weights are transformed on the way, from the packed order that every convolution has.
///
/// The sums are exact where 128 · Σ|w| < 2²⁵ for each output channel.
public struct WinogradLayer: @unchecked Sendable {
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
  /// The transformed input, [36 points][tile][channel].
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

  @inlinable @inline(__always)
  public var tilesAcross: Int { (outputWidth &+ 3) / 4 }
  @inlinable @inline(__always)
  public var tiles: Int { (outputHeight &+ 3) / 4 &* tilesAcross }
  @inlinable @inline(__always)
  func hasHalfRows(_ tile: Int) -> Bool { outputHeight &- tile / tilesAcross &* 4 <= 2 }
  @inlinable @inline(__always)
  func hasHalfColumns(_ tile: Int) -> Bool { outputWidth &- tile % tilesAcross &* 4 <= 2 }
  /// Whether a tile has the point: half ones have not those of 2 and −2.
  @inlinable @inline(__always)
  func has(point: Int, tile: Int) -> Bool {
    !(isFar(point / 6) && hasHalfRows(tile) || isFar(point % 6) && hasHalfColumns(tile))
  }
  @inlinable @inline(__always)
  func isFar(_ coordinate: Int) -> Bool { coordinate == 3 || coordinate == 4 }

  /// Values of `transformed`.
  @inlinable
  public var transformedCount: Int { 36 &* tiles &* channels }

  /// Tiles whose products are kept until all points are done, so that a point's weights stay in the cache for them.
  @inlinable @inline(__always)
  static var chunk: Int { 24 }

  /// Bytes of scratch memory, aligned to 64, that a thread needs: a block's weights and a chunk's products.
  @inlinable
  public static func scratchBytes(channels: Int) -> Int { 36 &* (channels &* 32 &+ chunk &* 64) }
}

/// Brings a range of tiles into `transformed`.
@inlinable @inline(__always)
func transformInput(_ layer: WinogradLayer, tiles: Range<Int>) {
  let (lastRow, lastColumn) = (layer.outputHeight &+ 1, layer.outputWidth &+ 1)
  let pointValues = layer.tiles &* layer.channels
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
      var points = InlineArray<6, InlineArray<6, SIMD16<Int16>>>(repeating: InlineArray(repeating: SIMD16()))
      for column in 0..<6 {
        let offset = columns[unchecked: column] &+ channel
        let values = InlineArray<6, SIMD16<Int16>> { row in
          csimd_widen_i8_to_i16(load(rows[unchecked: row] + offset) ^ SIMD16(repeating: layer.flip))
        }
        let transformed = halfRows ? winogradHalfInput(values) : winogradInput(values)
        for row in 0..<6 { points[unchecked: row][unchecked: column] = transformed[unchecked: row] }
      }
      var output = UnsafeMutableRawPointer(layer.transformed + (tile &* layer.channels &+ channel))
      for row in 0..<6 {
        let values = points[unchecked: row]
        let transformed = halfColumns ? winogradHalfInput(values) : winogradInput(values)
        for column in 0..<6 {
          output.storeBytes(of: transformed[unchecked: column], as: SIMD16<Int16>.self)
          output += pointValues &* 2
        }
      }
      channel &+= 16
    } while channel < layer.channels
  }
}

/// The products of a slice, whose `pixels` are tiles, and what `output` makes of the sums.
@inlinable @inline(__always)
func convolveTransformed<Arithmetic: TransformedArithmetic, Output: ConvolutionOutput, let groups: Int>(
  _: Arithmetic.Type, _ layer: WinogradLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, 1>
) where Output.Sum == Int32 {
  let products = (scratch + 36 &* layer.channels &* 32).assumingMemoryBound(to: SIMD16<Int32>.self)
  // One window of one pixel: a product of matrices.
  let matrix = ConvolutionLayer(
    input: layer.transformed, windowRowBytes: 0, windowRows: 1, stepsPerRow: layer.channels / 2,
    pixelBytes: layer.channels &* 2, rowBytes: 0, weights: scratch, outputWidth: 1)
  for block in slice.blocks {
    transformWeights(Arithmetic.self, layer, block: block, to: scratch)
    let constants = output.constants(block: block)
    var first = slice.pixels.lowerBound
    while first < slice.pixels.upperBound {
      let tiles = first..<min(first &+ WinogradLayer.chunk, slice.pixels.upperBound)
      for point in 0..<36 {
        multiply(
          Arithmetic.self, matrix, layer, point: point, tiles: tiles,
          products: products + point &* WinogradLayer.chunk, tile: tile)
      }
      for tile in tiles {
        store(products + (tile &- first), layer, output, constants, block: block, tile: tile)
      }
      first = tiles.upperBound
    }
  }
}

/// A point's products for those tiles that have it.
@inlinable @inline(__always)
func multiply<Arithmetic: TransformedArithmetic, let groups: Int>(
  _: Arithmetic.Type, _ matrix: ConvolutionLayer, _ layer: WinogradLayer, point: Int, tiles: Range<Int>,
  products: UnsafeMutablePointer<SIMD16<Int32>>, tile: Tile<groups, 1>
) {
  let weights = matrix.weights + point &* layer.channels &* 32
  let input = matrix.input + point &* layer.tiles &* matrix.pixelBytes
  var next = tiles.lowerBound
  while true {
    var windows = InlineArray<groups, WindowPair>(repeating: WindowPair(input, input))
    var targets = InlineArray<groups, Int>(repeating: 0)
    var count = 0
    while next < tiles.upperBound && count < groups {
      if layer.has(point: point, tile: next) {
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
  var rows = InlineArray<4, InlineArray<6, SIMD16<Int32>>>(repeating: InlineArray(repeating: SIMD16()))
  let (halfRows, halfColumns) = (layer.hasHalfRows(tile), layer.hasHalfColumns(tile))
  for column in 0..<6 {
    let values = InlineArray<6, SIMD16<Int32>> { row in products[(row &* 6 &+ column) &* WinogradLayer.chunk] }
    let sums = halfRows ? winogradHalfOutput(values) : winogradOutput(values)
    for row in 0..<4 { rows[unchecked: row][unchecked: column] = sums[unchecked: row] }
  }
  let (firstRow, firstColumn) = (tile / layer.tilesAcross &* 4, tile % layer.tilesAcross &* 4)
  let columns = min(4, layer.outputWidth &- firstColumn)
  for row in 0..<min(4, layer.outputHeight &- firstRow) {
    let values = rows[unchecked: row]
    let sums = halfColumns ? winogradHalfOutput(values) : winogradOutput(values)
    for column in 0..<columns {
      output.store(
        winogradUnscaled(sums[unchecked: column]), constants, block: block, row: firstRow &+ row,
        column: firstColumn &+ column)
    }
  }
}

/// The transformed weights of one block: [36 points][two input channels][64 bytes in the arithmetic's order].
@inlinable @inline(__always)
func transformWeights<Arithmetic: TransformedArithmetic>(
  _: Arithmetic.Type, _ layer: WinogradLayer, block: Int, to output: UnsafeMutableRawPointer
) {
  let positionBytes = layer.channels &* 16
  var weights = layer.weights + block &* 9 &* positionBytes
  var target = output
  for _ in 0..<layer.channels / 4 {
    let taps = InlineArray<9, SIMD64<Int8>> {
      csimd_transpose_16x4((weights + $0 &* positionBytes).loadUnaligned(as: SIMD64<Int8>.self))
    }
    transformPair(Arithmetic.self, InlineArray { csimd_widen_i8x32(csimd_half_0(taps[unchecked: $0])) }, layer, target)
    transformPair(
      Arithmetic.self, InlineArray { csimd_widen_i8x32(csimd_half_1(taps[unchecked: $0])) }, layer, target + 64)
    weights += 64
    target += 128
  }
}

/// Two input channels, [channel][16 output channels], of a kernel's nine positions.
@inlinable @inline(__always)
func transformPair<Arithmetic: TransformedArithmetic>(
  _: Arithmetic.Type, _ taps: InlineArray<9, SIMD32<Int16>>, _ layer: WinogradLayer, _ output: UnsafeMutableRawPointer
) {
  let even = winogradKernel(InlineArray { csimd_half_0_i16(taps[unchecked: $0]) })
  let odd = winogradKernel(InlineArray { csimd_half_1_i16(taps[unchecked: $0]) })
  for point in 0..<36 {
    (output + point &* layer.channels &* 32).storeBytes(
      of: Arithmetic.weights(even[unchecked: point], odd[unchecked: point]), as: SIMD32<Int16>.self)
  }
}

/// All 36 points of a kernel of one input channel and 16 output channels.
@inlinable @inline(__always)
func winogradKernel(_ taps: InlineArray<9, SIMD16<Int16>>) -> InlineArray<36, SIMD16<Int16>> {
  let columns = InlineArray<3, InlineArray<6, SIMD16<Int16>>> { column in
    winogradWeights(taps[unchecked: column], taps[unchecked: 3 &+ column], taps[unchecked: 6 &+ column])
  }
  var points = InlineArray<36, SIMD16<Int16>>(repeating: SIMD16())
  for row in 0..<6 {
    let transformed = winogradWeights(
      columns[unchecked: 0][unchecked: row], columns[unchecked: 1][unchecked: row],
      columns[unchecked: 2][unchecked: row])
    for column in 0..<6 { points[unchecked: row &* 6 &+ column] = transformed[unchecked: column] }
  }
  return points
}
