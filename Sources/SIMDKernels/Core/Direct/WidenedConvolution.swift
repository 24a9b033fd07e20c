import CSIMD

/// A convolution of int8 by int16 products (`convolveWidened`); one pixel alone is multiplied as it lies.
public enum WidenedConvolution<
  Int8Dot: Int8DotProducts, Int16Dot: DotProducts, let groups: Int, let vectors: Int, let widenedGroups: Int
>: IntegerConvolutionWay where Int16Dot.Sum == Int32 {
  @inlinable
  public static var name: String { "widened int8" }
  @inlinable @inline(__always)
  public static func tilePixels(_ layer: ConvolutionLayer) -> Int { groups &* Int8Dot.pixelsPerAccumulator }

  /// The scratch memory for so many pixels, which may begin and end inside of rows.
  @inlinable @inline(__always)
  public static func scratchBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int {
    guard pixels > 1 else { return 0 }
    let rows = (pixels &- 2) / layer.outputWidth &+ 2
    return (layer.inputBytes(outputRows: rows) &+ layer.blockBytes) &* 2 &+ 128
  }

  @inlinable @inline(__always)
  public static func convolve<Output: RequantisedOutput>(
    _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice
  ) {
    if let scratch = slice.scratch {
      convolveWidened(Int16Dot.self, layer, output, slice, scratch: scratch, tile: Tile<widenedGroups, 1>())
    } else {
      convolveDirect(Int8Dot.self, layer, output, slice, tile: Tile<groups, vectors>())
    }
  }

  @inlinable @inline(__always)
  public static func repeatDots(rounds: Int) -> Int {
    repeatDotsOfTile(Int16Dot.self, rounds: rounds, tile: Tile<widenedGroups, 1>())
  }
}

extension ConvolutionLayer {
  /// The number of bytes from the first one that so many output rows read to the end of the last one.
  @inlinable @inline(__always)
  func inputBytes(outputRows: Int) -> Int {
    (outputRows &- 1) &* rowBytes &+ (windowRows &- 1) &* windowRowBytes &+ (outputWidth &- 1) &* pixelBytes
      &+ stepsPerRow &* 4
  }
}

/// An int8 convolution by int16 products, where the instruction set has no fast ones of int8 (AVX2): the slice's pixels
/// are widened into scratch memory once, each block's weights once, and the int16 loop does the rest.
@inlinable @inline(__always)
func convolveWidened<Products: DotProducts, Output: ConvolutionOutput, let groups: Int, let vectors: Int>(
  _: Products.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, vectors>
) where Output.Sum == Products.Sum {
  let firstRow = slice.pixels.lowerBound / layer.outputWidth
  let lastRow = (slice.pixels.upperBound &- 1) / layer.outputWidth
  let pixels = scratch + layer.blockBytes &* 2
  widenPixels(
    layer.input + firstRow &* layer.rowBytes, count: layer.inputBytes(outputRows: lastRow &- firstRow &+ 1), to: pixels)
  var widened = layer
  widened.input = UnsafeRawPointer(pixels) - firstRow &* layer.rowBytes &* 2
  widened.windowRowBytes &*= 2
  widened.stepsPerRow &*= 2
  widened.pixelBytes &*= 2
  widened.rowBytes &*= 2
  for block in slice.blocks {
    widenWeights(layer.weights + block &* layer.blockBytes, byteCount: layer.blockBytes, to: scratch)
    // As if the block lay among all of them.
    widened.weights = UnsafeRawPointer(scratch) - block &* widened.blockBytes
    convolveDirectBlocks(Products.self, widened, output, block: block, pixels: slice.pixels, tile: Tile<groups, 1>())
  }
}

/// Widens pixels: int8 → int16.
@inlinable @inline(__always)
func widenPixels(_ input: UnsafeRawPointer, count: Int, to output: UnsafeMutableRawPointer) {
  var index = 0
  while index < count {
    (output + index &* 2).storeBytes(
      of: csimd_widen_i8_to_i16((input + index).loadUnaligned(as: SIMD16<Int8>.self)), as: SIMD16<Int16>.self)
    index &+= 16
  }
}

/// Widens weights: [step][16 output channels][4 int8] → [step][2][16 output channels][2 int16].
@inlinable @inline(__always)
func widenWeights(_ weights: UnsafeRawPointer, byteCount: Int, to output: UnsafeMutableRawPointer) {
  var offset = 0
  repeat {
    let step = csimd_widen_i8x64((weights + offset).loadUnaligned(as: SIMD64<Int8>.self))
    let pairs = unsafeBitCast(step, to: SIMD32<Int32>.self)
    (output + offset &* 2).storeBytes(of: csimd_even_i32(pairs), as: SIMD16<Int32>.self)
    (output + (offset &* 2 &+ 64)).storeBytes(of: csimd_odd_i32(pairs), as: SIMD16<Int32>.self)
    offset &+= 64
  } while offset < byteCount
}
