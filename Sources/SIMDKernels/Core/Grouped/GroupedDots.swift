import CSIMD

/// Dot products of four input channels with the weights of four outputs, for 16 channels of a pixel, in one to four
/// instructions.
///
/// It multiplies groups of four; two groups of two are one of four whose other weights are 0; a group of eight
/// is two sums.
public protocol GroupedDot: SendableMetatype {
  /// Running sums [output][four input channels], 4 × 4.
  associatedtype Accumulator: BitwiseCopyable
  /// The 16 channels of a pixel.
  associatedtype PixelVector: BitwiseCopyable
  /// Weights, [output][16 input channels].
  associatedtype WeightVector: BitwiseCopyable

  static func zero() -> Accumulator
  static func loadPixel(_ pixel: UnsafeRawPointer) -> PixelVector
  /// Loads 64 bytes, [output][16 input channels].
  static func loadWeights(_ weights: UnsafeRawPointer) -> WeightVector
  /// Loads the weights of groups of two: 32 bytes, [output][16 input channels]. The outputs are those of the even groups, then those of
  /// the odd ones.
  static func loadPairs(_ weights: UnsafeRawPointer) -> WeightVector
  static func dot(_ sums: inout Accumulator, _ pixel: PixelVector, _ weights: WeightVector)
  /// The sums, [output][four input channels].
  static func sums(_ accumulator: Accumulator) -> SIMD16<Int32>
}

/// Convolves a slice of a layer whose way is `lanes`.
@inlinable @inline(__always)
func convolveGroupedLanes<Dot: GroupedDot, Output: ConvolutionOutput>(
  dots _: Dot.Type, _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice, groupWidth: Int
) where Output.Sum == Int32 {
  switch groupWidth {
  case 2: convolveGroupedLanes(dots: Dot.self, layer, output, slice, tile: GroupedTile<2, 4, 1>())
  case 4: convolveGroupedLanes(dots: Dot.self, layer, output, slice, tile: GroupedTile<4, 4, 1>())
  default: convolveGroupedLanes(dots: Dot.self, layer, output, slice, tile: GroupedTile<8, 2, 2>())
  }
}

/// Convolves a slice with one tile.
///
/// - Parameter tile: the tile, of `outputs` · 4 outputs of a group.
@inlinable @inline(__always)
func convolveGroupedLanes<
  Dot: GroupedDot, Output: ConvolutionOutput, let width: Int, let pixels: Int, let outputs: Int
>(
  dots _: Dot.Type, _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice,
  tile: GroupedTile<width, pixels, outputs>
) where Output.Sum == Int32 {
  let window = layer.window
  let blockBytes = window.kernelHeight &* window.kernelWidth &* width &* 16
  forEachGroupedTile(window, slice.pixels, Tile<pixels, 1>()) { windows, count, row, column in
    for block in slice.blocks {
      let constants = output.constants(block: block)
      let sums = groupedLaneSums(
        dots: Dot.self, window, windows, block &* 16, window.weights + block &* blockBytes, tile: tile)
      var (row, column) = (row, column)
      for pixel in 0..<count {
        let fours = csimd_transpose_4x4_i32(Dot.sums(sums[unchecked: pixel][unchecked: 0]))
        let total: SIMD16<Int32>
        if width == 8 {
          let others = csimd_transpose_4x4_i32(Dot.sums(sums[unchecked: pixel][unchecked: outputs &- 1]))
          total = csimd_lane_fours_0(fours, others) &+ csimd_lane_fours_1(fours, others)
        } else {
          total = fours
        }
        output.store(total, constants, block: block, row: row, column: column)
        column &+= 1
        if column == window.outputWidth { (row, column) = (row &+ 1, 0) }
      }
    }
  }
}

/// The sums of one register tile.
@inlinable @inline(__always)
func groupedLaneSums<Dot: GroupedDot, let width: Int, let pixels: Int, let outputs: Int>(
  dots _: Dot.Type, _ layer: DepthwiseLayer, _ windows: InlineArray<pixels, UnsafeRawPointer>, _ channelBytes: Int,
  _ weights: UnsafeRawPointer, tile: GroupedTile<width, pixels, outputs>
) -> InlineArray<pixels, InlineArray<outputs, Dot.Accumulator>> {
  var sums = InlineArray<pixels, InlineArray<outputs, Dot.Accumulator>>(
    repeating: InlineArray(repeating: Dot.zero()))
  let rowEndBytes = layer.windowRowBytes &- layer.kernelWidth &* layer.channels
  var (position, column) = (channelBytes, 0)
  var weight = weights
  var rest = layer.kernelHeight &* layer.kernelWidth
  repeat {
    var x = InlineArray<pixels, Dot.PixelVector>(repeating: Dot.loadPixel(windows[unchecked: 0] + position))
    for pixel in 1..<pixels { x[unchecked: pixel] = Dot.loadPixel(windows[unchecked: pixel] + position) }
    for output in 0..<outputs {
      let w = width == 2 ? Dot.loadPairs(weight) : Dot.loadWeights(weight + output &* 64)
      for pixel in 0..<pixels {
        Dot.dot(&sums[unchecked: pixel][unchecked: output], x[unchecked: pixel], w)
      }
    }
    position = nextDepthwisePosition(
      position, &column, width: layer.kernelWidth, columnBytes: layer.channels, rowEndBytes: rowEndBytes)
    weight += width &* 16
    rest &-= 1
  } while rest != 0
  return sums
}
