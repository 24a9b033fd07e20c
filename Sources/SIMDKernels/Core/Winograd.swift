import CSIMD

/// A 3×3 convolution with stride 1 of int8 as exact Winograd: 4 × 4 outputs at once for 36 multiplications instead of 144.
///
/// The outputs are cut into tiles of 4 × 4, counted row by row; behind the right and lower edge a tile computes outputs that
/// are dropped. First the input's tiles are transformed (`transformInput`), then come the products and outputs, whose
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

  /// Values of `transformed`.
  @inlinable
  public var transformedCount: Int { 36 &* tiles &* channels }

  /// Bytes of scratch memory, aligned to 64, that a thread needs for the products of `tilePixels` tiles at a time.
  @inlinable
  public static func scratchBytes(channels: Int, tilePixels: Int) -> Int { 36 &* (channels &* 32 &+ tilePixels &* 64) }
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
    var channel = 0
    repeat {
      var points = InlineArray<6, InlineArray<6, SIMD16<Int16>>>(repeating: InlineArray(repeating: SIMD16()))
      for column in 0..<6 {
        let offset = columns[unchecked: column] &+ channel
        let transformed = winogradInput(
          InlineArray { row in
            csimd_widen_i8_to_i16(load(rows[unchecked: row] + offset) ^ SIMD16(repeating: layer.flip))
          })
        for row in 0..<6 { points[unchecked: row][unchecked: column] = transformed[unchecked: row] }
      }
      var output = UnsafeMutableRawPointer(layer.transformed + (tile &* layer.channels &+ channel))
      for row in 0..<6 {
        let transformed = winogradInput(points[unchecked: row])
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
  let pointBytes = layer.channels &* 32
  // One window of one pixel: a product of matrices.
  let matrix = ConvolutionLayer(
    input: layer.transformed, windowRowBytes: 0, windowRows: 1, stepsPerRow: layer.channels / 2,
    pixelBytes: layer.channels &* 2, rowBytes: 0, weights: scratch, outputWidth: 1)
  for block in slice.blocks {
    transformWeights(Arithmetic.self, layer, block: block, to: scratch)
    let constants = output.constants(block: block)
    var first = slice.pixels.lowerBound
    while first < slice.pixels.upperBound {
      let count = min(groups, slice.pixels.upperBound &- first)
      for point in 0..<36 {
        let input = UnsafeRawPointer(layer.transformed + (point &* layer.tiles &+ first) &* layer.channels)
        let windows = InlineArray<groups, WindowPair> { group in
          let window = input + min(group, count &- 1) &* matrix.pixelBytes
          return WindowPair(window, window)
        }
        var sums = InlineArray<groups, InlineArray<1, SumPair<Int32>>>(
          repeating: InlineArray(repeating: SumPair(SIMD16(), SIMD16())))
        accumulate(Arithmetic.self, matrix, UnsafeRawPointer(scratch + point &* pointBytes), windows, into: &sums)
        for group in 0..<groups { products[point &* groups &+ group] = sums[unchecked: group][unchecked: 0].first }
      }
      for index in 0..<count {
        store(products + index, stride: groups, layer, output, constants, block: block, tile: first &+ index)
      }
      first &+= count
    }
  }
}

/// The 4 × 4 outputs of one tile, from its 36 products.
@inlinable @inline(__always)
func store<Output: ConvolutionOutput>(
  _ products: UnsafePointer<SIMD16<Int32>>, stride: Int, _ layer: WinogradLayer, _ output: Output,
  _ constants: Output.Constants, block: Int, tile: Int
) where Output.Sum == Int32 {
  var rows = InlineArray<4, InlineArray<6, SIMD16<Int32>>>(repeating: InlineArray(repeating: SIMD16()))
  for column in 0..<6 {
    let sums = winogradOutput(InlineArray { row in products[(row &* 6 &+ column) &* stride] })
    for row in 0..<4 { rows[unchecked: row][unchecked: column] = sums[unchecked: row] }
  }
  let (firstRow, firstColumn) = (tile / layer.tilesAcross &* 4, tile % layer.tilesAcross &* 4)
  let columns = min(4, layer.outputWidth &- firstColumn)
  for row in 0..<min(4, layer.outputHeight &- firstRow) {
    let sums = winogradOutput(rows[unchecked: row])
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
