import CSIMD

/// Products and sums of 16 input channels with one output of each of their groups.
public protocol GroupedProducts: SendableMetatype {
  /// The type of sums: Int32 or Float.
  associatedtype Sum: SIMDScalar
  /// The 16 channels of a pixel or of the weights, ready to be multiplied.
  associatedtype Values: BitwiseCopyable
  /// Running sums of 16 channels or of eight pairs of them.
  associatedtype Accumulator: BitwiseCopyable
  /// The type of the numbers that are multiplied.
  static var values: StoredValues { get }
  /// Whether there are registers for twice as many sums: those whose registers hold 16 sums have them.
  static var hasWideVectors: Bool { get }

  static func zero() -> Accumulator
  static func loadPixel(_ pixel: UnsafeRawPointer) -> Values
  static func loadWeights(_ weights: UnsafeRawPointer) -> Values
  static func add(_ sums: inout Accumulator, _ pixel: Values, _ weights: Values)
  /// Adds two products at once.
  static func add(
    _ sums: inout Accumulator, _ first: Values, _ firstWeights: Values, _ second: Values, _ secondWeights: Values)
  /// The sums of neighbouring channels, those of two outputs in turn.
  static func pairs(_ first: Accumulator, _ second: Accumulator) -> SIMD16<Sum>
  static func plus(_ a: SIMD16<Sum>, _ b: SIMD16<Sum>) -> SIMD16<Sum>
}

extension GroupedProducts {
  @inlinable @inline(__always)
  public static var hasWideVectors: Bool { false }
  /// Adds two products one after the other.
  @inlinable @inline(__always)
  public static func add(
    _ sums: inout Accumulator, _ first: Values, _ firstWeights: Values, _ second: Values, _ secondWeights: Values
  ) {
    add(&sums, first, firstWeights)
    add(&sums, second, secondWeights)
  }
}

extension GroupedProducts where Sum == Int32 {
  @inlinable @inline(__always)
  public static func plus(_ a: SIMD16<Int32>, _ b: SIMD16<Int32>) -> SIMD16<Int32> { a &+ b }
}

extension GroupedProducts where Accumulator == SIMD16<Sum> {
  @inlinable @inline(__always)
  public static func zero() -> SIMD16<Sum> { SIMD16() }
  @inlinable @inline(__always)
  public static func pairs(_ first: SIMD16<Sum>, _ second: SIMD16<Sum>) -> SIMD16<Sum> {
    added(Self.self, first, second, csimd_lanes_0, csimd_lanes_1)
  }
}

/// The products of a depthwise convolution serve as they are.
extension DepthwiseInt8: GroupedProducts {
  public typealias Accumulator = SIMD16<Int32>
}

extension DepthwiseInt16: GroupedProducts {
  public typealias Accumulator = SIMD16<Int32>
}

/// Float, fused where the machine can. `Dot` says which instruction set the code is for; `isWide` is 1 where a register
/// holds 16 of them.
public enum GroupedFloat<Dot: DotProducts, let isWide: Int>: GroupedProducts {
  public typealias Sum = Float
  public typealias Accumulator = SIMD16<Float>

  @inlinable @inline(__always)
  public static var hasWideVectors: Bool { isWide == 1 }

  @inlinable @inline(__always)
  public static var values: StoredValues { .float }

  @inlinable @inline(__always)
  public static func loadPixel(_ pixel: UnsafeRawPointer) -> SIMD16<Float> {
    pixel.loadUnaligned(as: SIMD16<Float>.self)
  }
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer) -> SIMD16<Float> {
    weights.loadUnaligned(as: SIMD16<Float>.self)
  }
  @inlinable @inline(__always)
  public static func add(_ sums: inout SIMD16<Float>, _ pixel: SIMD16<Float>, _ weights: SIMD16<Float>) {
    sums = csimd_multiply_add_f32x16(pixel, weights, sums)
  }
  @inlinable @inline(__always)
  public static func plus(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> { a + b }
}

/// A register tile as a type: `pixels` × `outputs` of a group, of `width` channels.
public struct GroupedTile<let width: Int, let pixels: Int, let outputs: Int> {
  @inlinable @inline(__always)
  public init() {}
}

/// Convolves a slice of a layer whose way is `lanes`, with the tile of its groups' width.
@inlinable @inline(__always)
func convolveGroupedLanes<Products: GroupedProducts, Output: ConvolutionOutput>(
  _: Products.Type, _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice, groupWidth: Int
) where Output.Sum == Products.Sum {
  switch (groupWidth, Products.hasWideVectors) {
  case (2, false): convolveGroupedLanes(Products.self, layer, output, slice, tile: GroupedTile<2, 2, 2>())
  case (4, false): convolveGroupedLanes(Products.self, layer, output, slice, tile: GroupedTile<4, 1, 4>())
  case (_, false): convolveGroupedLanes(Products.self, layer, output, slice, tile: GroupedTile<8, 1, 4>())
  case (2, true): convolveGroupedLanes(Products.self, layer, output, slice, tile: GroupedTile<2, 4, 2>())
  case (4, true): convolveGroupedLanes(Products.self, layer, output, slice, tile: GroupedTile<4, 2, 4>())
  case (_, true): convolveGroupedLanes(Products.self, layer, output, slice, tile: GroupedTile<8, 2, 4>())
  }
}

@inlinable @inline(__always)
func convolveGroupedLanes<
  Products: GroupedProducts, Output: ConvolutionOutput, let width: Int, let pixels: Int, let outputs: Int
>(
  _: Products.Type, _ layer: GroupedLayer, _ output: Output, _ slice: ConvolutionSlice,
  tile: GroupedTile<width, pixels, outputs>
) where Output.Sum == Products.Sum {
  let window = layer.window
  let blockBytes = window.kernelHeight &* window.kernelWidth &* width &* 16 &* Products.values.bytes
  forEachGroupedTile(window, slice.pixels, Tile<pixels, 1>()) { windows, count, row, column in
    for block in slice.blocks {
      let constants = output.constants(block: block)
      let weights = window.weights + block &* blockBytes
      let channelBytes = block &* 16 &* Products.values.bytes
      var sums = InlineArray<pixels, InlineArray<width, Products.Accumulator>>(
        repeating: InlineArray(repeating: Products.zero()))
      var firstOutput = 0
      repeat {
        let some = groupedLaneSums(
          Products.self, window, windows, channelBytes, weights + firstOutput &* 16 &* Products.values.bytes,
          tile: tile)
        for pixel in 0..<pixels {
          for index in 0..<outputs {
            sums[unchecked: pixel][unchecked: firstOutput &+ index] = some[unchecked: pixel][unchecked: index]
          }
        }
        firstOutput &+= outputs
      } while firstOutput < width
      var (row, column) = (row, column)
      for pixel in 0..<count {
        let total = addedGroupLanes(Products.self, sums, pixel: pixel)
        output.store(total, constants, block: block, row: row, column: column)
        column &+= 1
        if column == window.outputWidth { (row, column) = (row &+ 1, 0) }
      }
    }
  }
}

/// Calls `body` for one register tile of pixels after the other, with their windows, their number, and the place of the
/// first. Tiles run on over the ends of rows; after the last pixel the tile has that pixel again.
@inlinable @inline(__always)
func forEachGroupedTile<let pixels: Int>(
  _ layer: DepthwiseLayer, _ range: Range<Int>, _: Tile<pixels, 1>,
  _ body: (InlineArray<pixels, UnsafeRawPointer>, _ count: Int, _ row: Int, _ column: Int) -> Void
) {
  var pixel = range.lowerBound
  var row = pixel / layer.outputWidth
  var column = pixel &- row &* layer.outputWidth
  while pixel < range.upperBound {
    let count = min(pixels, range.upperBound &- pixel)
    var windows = InlineArray<pixels, UnsafeRawPointer>(repeating: layer.input)
    let (firstRow, firstColumn) = (row, column)
    var window = layer.input + (row &* layer.rowBytes &+ column &* layer.pixelBytes)
    for index in 0..<pixels {
      windows[unchecked: index] = window
      guard index < count else { continue }
      column &+= 1
      if column == layer.outputWidth { (row, column) = (row &+ 1, 0) }
      if index &+ 1 < count { window = layer.input + (row &* layer.rowBytes &+ column &* layer.pixelBytes) }
    }
    body(windows, count, firstRow, firstColumn)
    pixel &+= count
  }
}

/// The sums of one register tile, two positions of the kernel at a time: those of each of 16 input channels with its
/// weight for each of some outputs of its group.
@inlinable @inline(__always)
func groupedLaneSums<Products: GroupedProducts, let width: Int, let pixels: Int, let outputs: Int>(
  _: Products.Type, _ layer: DepthwiseLayer, _ windows: InlineArray<pixels, UnsafeRawPointer>, _ channelBytes: Int,
  _ weights: UnsafeRawPointer, tile: GroupedTile<width, pixels, outputs>
) -> InlineArray<pixels, InlineArray<outputs, Products.Accumulator>> {
  var sums = InlineArray<pixels, InlineArray<outputs, Products.Accumulator>>(
    repeating: InlineArray(repeating: Products.zero()))
  let vectorBytes = 16 &* Products.values.bytes
  let columnBytes = layer.channels &* Products.values.bytes
  let rowEndBytes = layer.windowRowBytes &- layer.kernelWidth &* columnBytes
  var (first, column) = (channelBytes, 0)
  var weight = weights
  var rest = layer.kernelHeight &* layer.kernelWidth
  while rest > 1 {
    let second = nextDepthwisePosition(
      first, &column, width: layer.kernelWidth, columnBytes: columnBytes, rowEndBytes: rowEndBytes)
    // Filled one by one: an initialiser with a closure would be the same symbol for all instruction sets.
    var firstPixels = InlineArray<pixels, Products.Values>(
      repeating: Products.loadPixel(windows[unchecked: 0] + first))
    var secondPixels = InlineArray<pixels, Products.Values>(
      repeating: Products.loadPixel(windows[unchecked: 0] + second))
    for pixel in 1..<pixels {
      firstPixels[unchecked: pixel] = Products.loadPixel(windows[unchecked: pixel] + first)
      secondPixels[unchecked: pixel] = Products.loadPixel(windows[unchecked: pixel] + second)
    }
    for output in 0..<outputs {
      let firstWeights = Products.loadWeights(weight + output &* vectorBytes)
      let secondWeights = Products.loadWeights(weight + (width &+ output) &* vectorBytes)
      for pixel in 0..<pixels {
        Products.add(
          &sums[unchecked: pixel][unchecked: output], firstPixels[unchecked: pixel], firstWeights,
          secondPixels[unchecked: pixel], secondWeights)
      }
    }
    first = nextDepthwisePosition(
      second, &column, width: layer.kernelWidth, columnBytes: columnBytes, rowEndBytes: rowEndBytes)
    weight += 2 &* width &* vectorBytes
    rest &-= 2
  }
  if rest == 1 {
    for output in 0..<outputs {
      let lastWeights = Products.loadWeights(weight + output &* vectorBytes)
      for pixel in 0..<pixels {
        Products.add(
          &sums[unchecked: pixel][unchecked: output], Products.loadPixel(windows[unchecked: pixel] + first),
          lastWeights)
      }
    }
  }
  return sums
}

/// Adds up the lanes of each group, of `width` vectors for as many outputs: 16 outputs, [group][output].
///
/// Each step halves the vectors: it puts the even lanes (pairs, fours) of two vectors in turn, and the odd ones, and adds
/// both. One pixel's vectors are not taken as a value of their own: Swift 6.3's Embedded compiler loses them.
@inlinable @inline(__always)
func addedGroupLanes<Products: GroupedProducts, let pixels: Int, let width: Int>(
  _: Products.Type, _ sums: InlineArray<pixels, InlineArray<width, Products.Accumulator>>, pixel: Int
) -> SIMD16<Products.Sum> {
  let first = Products.pairs(sums[unchecked: pixel][unchecked: 0], sums[unchecked: pixel][unchecked: 1])
  if width == 2 { return first }
  let second = Products.pairs(sums[unchecked: pixel][unchecked: 2], sums[unchecked: pixel][unchecked: 3])
  let firstFour = added(Products.self, first, second, csimd_lane_pairs_0, csimd_lane_pairs_1)
  if width == 4 { return firstFour }
  let third = Products.pairs(sums[unchecked: pixel][unchecked: 4], sums[unchecked: pixel][unchecked: 5])
  let fourth = Products.pairs(sums[unchecked: pixel][unchecked: 6], sums[unchecked: pixel][unchecked: 7])
  let secondFour = added(Products.self, third, fourth, csimd_lane_pairs_0, csimd_lane_pairs_1)
  return added(Products.self, firstFour, secondFour, csimd_lane_fours_0, csimd_lane_fours_1)
}

@inlinable @inline(__always)
public func added<Products: GroupedProducts>(
  _: Products.Type, _ a: SIMD16<Products.Sum>, _ b: SIMD16<Products.Sum>,
  _ even: (SIMD16<Int32>, SIMD16<Int32>) -> SIMD16<Int32>, _ odd: (SIMD16<Int32>, SIMD16<Int32>) -> SIMD16<Int32>
) -> SIMD16<Products.Sum> {
  let (a, b) = (unsafeBitCast(a, to: SIMD16<Int32>.self), unsafeBitCast(b, to: SIMD16<Int32>.self))
  return Products.plus(
    unsafeBitCast(even(a, b), to: SIMD16<Products.Sum>.self),
    unsafeBitCast(odd(a, b), to: SIMD16<Products.Sum>.self))
}
