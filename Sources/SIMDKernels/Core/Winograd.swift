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

  @inlinable @inline(__always)
  public var tilesAcross: Int { (outputWidth &+ 3) / 4 }
  @inlinable @inline(__always)
  public var tiles: Int { (outputHeight &+ 3) / 4 &* tilesAcross }

  // A cache line more than the data need: points that are a power of 2 apart would share a few sets of the cache.
  @inlinable @inline(__always)
  var transformedStride: Int { tiles &* channels &+ 32 }
  @inlinable @inline(__always)
  static func weightStride(channels: Int) -> Int { channels &* 32 &+ 64 }

  /// Values of `transformed`.
  @inlinable
  public var transformedCount: Int { 36 &* transformedStride }

  /// Bytes of scratch memory, aligned to 64, that a thread needs for the products of `tilePixels` tiles at a time.
  @inlinable
  public static func scratchBytes(channels: Int, tilePixels: Int) -> Int {
    36 &* (weightStride(channels: channels) &+ tilePixels &* 64)
  }
}

/// Brings a range of tiles into `transformed`.
@inlinable @inline(__always)
func transformInput(_ layer: WinogradLayer, tiles: Range<Int>) {
  let (lastRow, lastColumn) = (layer.outputHeight &+ 1, layer.outputWidth &+ 1)
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
          output += layer.transformedStride &* 2
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
  let pointBytes = WinogradLayer.weightStride(channels: layer.channels)
  let products = (scratch + 36 &* pointBytes).assumingMemoryBound(to: SIMD16<Int32>.self)
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
        let input = UnsafeRawPointer(
          layer.transformed + (point &* layer.transformedStride &+ first &* layer.channels))
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
  let (even0, even1, even2) = winogradColumns(InlineArray { csimd_half_0_i16(taps[unchecked: $0]) })
  let (odd0, odd1, odd2) = winogradColumns(InlineArray { csimd_half_1_i16(taps[unchecked: $0]) })
  let stride = WinogradLayer.weightStride(channels: layer.channels)
  // Each row by its number: in a loop the vectors would go through memory.
  storeWeightRow(
    Arithmetic.self, winogradWeights(even0[0], even1[0], even2[0]), winogradWeights(odd0[0], odd1[0], odd2[0]), output,
    stride)
  storeWeightRow(
    Arithmetic.self, winogradWeights(even0[1], even1[1], even2[1]), winogradWeights(odd0[1], odd1[1], odd2[1]),
    output + 6 &* stride, stride)
  storeWeightRow(
    Arithmetic.self, winogradWeights(even0[2], even1[2], even2[2]), winogradWeights(odd0[2], odd1[2], odd2[2]),
    output + 12 &* stride, stride)
  storeWeightRow(
    Arithmetic.self, winogradWeights(even0[3], even1[3], even2[3]), winogradWeights(odd0[3], odd1[3], odd2[3]),
    output + 18 &* stride, stride)
  storeWeightRow(
    Arithmetic.self, winogradWeights(even0[4], even1[4], even2[4]), winogradWeights(odd0[4], odd1[4], odd2[4]),
    output + 24 &* stride, stride)
  storeWeightRow(
    Arithmetic.self, winogradWeights(even0[5], even1[5], even2[5]), winogradWeights(odd0[5], odd1[5], odd2[5]),
    output + 30 &* stride, stride)
}

/// Six points of two input channels, `stride` bytes apart.
@inlinable @inline(__always)
func storeWeightRow<Arithmetic: TransformedArithmetic>(
  _: Arithmetic.Type, _ even: InlineArray<6, SIMD16<Int16>>, _ odd: InlineArray<6, SIMD16<Int16>>,
  _ output: UnsafeMutableRawPointer, _ stride: Int
) {
  output.storeBytes(of: Arithmetic.weights(even[0], odd[0]), as: SIMD32<Int16>.self)
  (output + stride).storeBytes(of: Arithmetic.weights(even[1], odd[1]), as: SIMD32<Int16>.self)
  (output + 2 &* stride).storeBytes(of: Arithmetic.weights(even[2], odd[2]), as: SIMD32<Int16>.self)
  (output + 3 &* stride).storeBytes(of: Arithmetic.weights(even[3], odd[3]), as: SIMD32<Int16>.self)
  (output + 4 &* stride).storeBytes(of: Arithmetic.weights(even[4], odd[4]), as: SIMD32<Int16>.self)
  (output + 5 &* stride).storeBytes(of: Arithmetic.weights(even[5], odd[5]), as: SIMD32<Int16>.self)
}

/// A kernel's columns, of one input channel and 16 output channels, transformed one way.
@inlinable @inline(__always)
func winogradColumns(
  _ taps: InlineArray<9, SIMD16<Int16>>
) -> (InlineArray<6, SIMD16<Int16>>, InlineArray<6, SIMD16<Int16>>, InlineArray<6, SIMD16<Int16>>) {
  (
    winogradWeights(taps[0], taps[3], taps[6]), winogradWeights(taps[1], taps[4], taps[7]),
    winogradWeights(taps[2], taps[5], taps[8])
  )
}
