import CSIMD

/// A 3×3 convolution with stride 1 of int8 as exact Winograd: 4 × 4 outputs at once for 36 multiplications instead of 144.
///
/// The outputs are cut into tiles of 4 × 4, or 3 at the right and lower edge (`WinogradTiling`). First the input's tiles are
/// transformed (`transformInput`), then come the products and outputs (`convolveTransformed`), whose weights are transformed on
/// the way, from the packed order of fours.
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
  public var outputHeight: Int
  public var outputWidth: Int
  /// The transformed input, [36 points][tile][channel], the points `transformedStride` values apart.
  public var transformed: UnsafeMutablePointer<Int16>

  @inlinable
  public init(
    input: UnsafePointer<Int8>, rowBytes: Int, channels: Int, weights: UnsafeRawPointer, outputHeight: Int,
    outputWidth: Int, transformed: UnsafeMutablePointer<Int16>
  ) {
    self.input = input
    self.rowBytes = rowBytes
    self.channels = channels
    self.weights = weights
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.transformed = transformed
  }

  @inlinable @inline(__always)
  public var down: WinogradTiling { WinogradTiling(outputs: outputHeight) }
  @inlinable @inline(__always)
  public var across: WinogradTiling { WinogradTiling(outputs: outputWidth) }
  // A cache line more than the data need: points that are a power of 2 apart would share a few sets of the cache.
  @inlinable @inline(__always)
  var transformedStride: Int { tiles &* channels &+ 32 }
  @inlinable @inline(__always)
  static func weightStride(channels: Int, blocks: Int) -> Int { blocks &* channels &* 32 &+ 64 }

  /// Values of `transformed`.
  @inlinable
  public var transformedCount: Int { 36 &* transformedStride }

  /// At most so many tiles' products are kept until all points are done, so that a point's weights stay in the cache for them.
  @inlinable @inline(__always)
  static var largestChunk: Int { 24 }

  /// Bytes of scratch memory, aligned to 64, that a thread needs: the weights of `blocks` of 16 output channels and a chunk's
  /// products.
  @inlinable
  public static func scratchBytes(channels: Int, blocks: Int) -> Int {
    36 &* (weightStride(channels: channels, blocks: blocks) &+ blocks &* largestChunk &* 64)
  }
}

/// Brings a range of tiles into `transformed`.
///
/// - Parameter flip: what the input's bytes are XORed with.
@inlinable @inline(__always)
func transformInput(_ layer: WinogradLayer, flip: Int8, tiles: Range<Int>) {
  let (lastRow, lastColumn) = (layer.outputHeight &+ 1, layer.outputWidth &+ 1)
  let (down, across) = (layer.down, layer.across)
  let pointBytes = layer.transformedStride &* 2
  let four = csimd_opaque_i16(SIMD16(repeating: 4))
  // [6][6], transformed in one direction: they do not fit the registers.
  var between = InlineArray<36, SIMD16<Int16>>(repeating: SIMD16())
  for tile in tiles {
    let (tileRow, tileColumn) = layer.position(tile)
    // Outputs inside the image do not depend on what stands in for rows and columns behind it.
    let rows = InlineArray<6, UnsafePointer<Int8>> {
      layer.input + min(down.start(tileRow) &+ $0, lastRow) &* layer.rowBytes
    }
    let columns = InlineArray<6, Int> { min(across.start(tileColumn) &+ $0, lastColumn) &* layer.channels }
    let (narrowRows, narrowColumns) = (down.isNarrow(tileRow), across.isNarrow(tileColumn))
    var channel = 0
    repeat {
      for column in 0..<6 {
        let offset = columns[unchecked: column] &+ channel
        let values = InlineArray<6, SIMD16<Int16>> { row in
          csimd_widen_i8_to_i16(load(rows[unchecked: row] + offset) ^ SIMD16(repeating: flip))
        }
        let points = narrowRows ? winogradNarrowInput(values) : winogradInput(values, four: four)
        forSix { row in between[unchecked: row &* 6 &+ column] = points[unchecked: row] }
      }
      var output = UnsafeMutableRawPointer(layer.transformed + (tile &* layer.channels &+ channel))
      for row in 0..<6 {
        let values = InlineArray<6, SIMD16<Int16>> { between[unchecked: row &* 6 &+ $0] }
        let points = narrowColumns ? winogradNarrowInput(values) : winogradInput(values, four: four)
        forSix { column in
          csimd_store_16_shorts(output, points[unchecked: column])
          output += pointBytes
        }
      }
      channel &+= 16
    } while channel < layer.channels
  }
}

/// The outputs of one tile, from its products, `pointStride` apart, in whose place the sums come.
@inlinable @inline(__always)
func store<Output: RequantisedOutput>(
  _ products: UnsafeMutablePointer<SIMD16<Int32>>, pointStride: Int, _ layer: WinogradLayer, _ output: Output,
  _ constants: Output.Constants, block: Int, tile: Int
) {
  let (down, across) = (layer.down, layer.across)
  let (tileRow, tileColumn) = layer.position(tile)
  let bias = output.requantisation.bias + block &* 16
  transformProducts(
    products, pointStride: pointStride, bias: bias, narrowRows: down.isNarrow(tileRow),
    narrowColumns: across.isNarrow(tileColumn))
  let (firstRow, firstColumn) = (down.start(tileRow), across.start(tileColumn))
  for row in 0..<down.outputs(of: tileRow) {
    for column in 0..<across.outputs(of: tileColumn) {
      let sums = products[(row &* 4 &+ column) &* pointStride]
      output.store(
        biased: csimd_float_from_64ths(sums), constants, block: block, row: firstRow &+ row,
        column: firstColumn &+ column)
    }
  }
}

/// The products of a tile → 64 · (sum + bias) of its outputs, [4][4], at the places of the first points.
@inlinable @inline(__always)
func transformProducts(
  _ products: UnsafeMutablePointer<SIMD16<Int32>>, pointStride: Int, bias: UnsafePointer<Int32>, narrowRows: Bool,
  narrowColumns: Bool
) {
  let factors = WinogradFactors()
  var product = UnsafeMutableRawPointer(products)
  var bias = UnsafeRawPointer(bias)
  let pointBytes = pointStride &* 64
  for _ in 0..<16 / WinogradSums.scalarCount {
    let column = { (index: Int) in
      var values = InlineArray<6, WinogradSums> { row in
        (product + (row &* 6 &+ index) &* pointBytes).load(as: WinogradSums.self)
      }
      // Every output has a sixteenth of 576 times the product of point 1, which thus brings the bias to all.
      if index == 1 {
        values[1] = values[1] &+ bias.loadUnaligned(as: WinogradSums.self) &* WinogradSums(repeating: 36)
      }
      return narrowRows ? winogradNarrowOutput(values, factors) : winogradOutput(values, factors)
    }
    let points = SixColumns(column(0), column(1), column(2), column(3), column(4), column(5))
    forEachConstant(4) { row in
      let values = points.row(row)
      let sums = narrowColumns ? winogradNarrowOutput(values, factors) : winogradOutput(values, factors)
      forEachConstant(4) { column in
        (product + (row &* 4 &+ column) &* pointBytes).storeBytes(
          of: sums[unchecked: column] &* factors.inverse(row: row, column: column), as: WinogradSums.self)
      }
    }
    product += MemoryLayout<WinogradSums>.size
    bias += MemoryLayout<WinogradSums>.size
  }
}
