import CSIMD

/// One depthwise convolution as the kernels see it: each channel has a window of its own, which slides over an input
/// that already has its border. A kernel as large as the image is one window.
public struct DepthwiseLayer: @unchecked Sendable {
  /// Pixels of the register tile: slices are cut at multiples of it.
  public static let tilePixels = 4

  /// The first value of the first window.
  public var input: UnsafeRawPointer
  /// From one kernel row of a window to the next, in bytes.
  public var windowRowBytes: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  /// As stored: a multiple of 16.
  public var channels: Int
  /// From one output pixel's window to its right neighbour's, and to the one below, in bytes.
  public var pixelBytes: Int
  public var rowBytes: Int
  /// [kernel row][kernel column][channel], of the input's type.
  public var weights: UnsafeRawPointer
  public var outputWidth: Int

  @inlinable
  public init(
    input: UnsafeRawPointer, windowRowBytes: Int, kernelHeight: Int, kernelWidth: Int, channels: Int, pixelBytes: Int,
    rowBytes: Int, weights: UnsafeRawPointer, outputWidth: Int
  ) {
    self.input = input
    self.windowRowBytes = windowRowBytes
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.channels = channels
    self.pixelBytes = pixelBytes
    self.rowBytes = rowBytes
    self.weights = weights
    self.outputWidth = outputWidth
  }
}

/// Products and sums of 16 channels of a depthwise convolution.
public protocol DepthwiseArithmetic: SendableMetatype {
  /// Int32 or Float.
  associatedtype Sum: SIMDScalar
  /// 16 channels of a pixel or of the weights, ready to be multiplied.
  associatedtype Values: BitwiseCopyable
  /// The type of pixels and weights.
  static var values: StoredValues { get }

  static func loadPixel(_ pixel: UnsafeRawPointer) -> Values
  static func loadWeights(_ weights: UnsafeRawPointer) -> Values
  static func add(_ sums: inout SIMD16<Sum>, _ pixel: Values, _ weights: Values)
  /// Adds two products at once.
  static func add(
    _ sums: inout SIMD16<Sum>, _ first: Values, _ firstWeights: Values, _ second: Values, _ secondWeights: Values)
}

extension DepthwiseArithmetic {
  /// One after the other.
  @inlinable @inline(__always)
  public static func add(
    _ sums: inout SIMD16<Sum>, _ first: Values, _ firstWeights: Values, _ second: Values, _ secondWeights: Values
  ) {
    add(&sums, first, firstWeights)
    add(&sums, second, secondWeights)
  }
}

/// int8 × int8 → int32, exact. `Dot` says how pixels are stored, and which instruction set the code is for.
public enum DepthwiseInt8<Dot: Int8Arithmetic>: DepthwiseArithmetic {
  public typealias Sum = Int32

  @inlinable @inline(__always)
  public static var values: StoredValues { .int8 }

  @inlinable @inline(__always)
  public static func loadPixel(_ pixel: UnsafeRawPointer) -> SIMD16<Int16> {
    csimd_widen_i8_to_i16(pixel.loadUnaligned(as: SIMD16<Int8>.self) ^ SIMD16(repeating: Dot.pixelFlip))
  }
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer) -> SIMD16<Int16> {
    csimd_widen_i8_to_i16(weights.loadUnaligned(as: SIMD16<Int8>.self))
  }
  @inlinable @inline(__always)
  public static func add(_ sums: inout SIMD16<Int32>, _ pixel: SIMD16<Int16>, _ weights: SIMD16<Int16>) {
    sums = sums &+ csimd_widen_i16(pixel &* weights)
  }
  @inlinable @inline(__always)
  public static func add(
    _ sums: inout SIMD16<Int32>, _ first: SIMD16<Int16>, _ firstWeights: SIMD16<Int16>, _ second: SIMD16<Int16>,
    _ secondWeights: SIMD16<Int16>
  ) {
    // |weight| ≤ 127, so a sum of two products is at most 32,512 and fits.
    sums = sums &+ csimd_widen_i16(first &* firstWeights &+ second &* secondWeights)
  }
}

/// int16 × int16 → int32, exact as long as the sums fit. `Dot` says which instruction set the code is for.
public enum DepthwiseInt16<Dot: DotArithmetic>: DepthwiseArithmetic {
  public typealias Sum = Int32

  @inlinable @inline(__always)
  public static var values: StoredValues { .int16 }

  @inlinable @inline(__always)
  public static func loadPixel(_ pixel: UnsafeRawPointer) -> SIMD16<Int16> {
    pixel.loadUnaligned(as: SIMD16<Int16>.self)
  }
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer) -> SIMD16<Int16> {
    weights.loadUnaligned(as: SIMD16<Int16>.self)
  }
  @inlinable @inline(__always)
  public static func add(_ sums: inout SIMD16<Int32>, _ pixel: SIMD16<Int16>, _ weights: SIMD16<Int16>) {
    sums = sums &+ csimd_widen_i16(pixel) &* csimd_widen_i16(weights)
  }
}

/// Float, in the order of the kernel's rows and columns, never fused. `Dot` says which instruction set the code is for.
public enum DepthwiseFloat<Dot: DotArithmetic>: DepthwiseArithmetic {
  public typealias Sum = Float

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
    sums += pixel * weights
  }
}

/// Convolves a slice, `DepthwiseLayer.tilePixels` pixels of 16 channels at a time. Tiles run on over the ends of rows.
/// All channels of a tile come one after the other, as they are in memory: those of one block alone are a power of 2
/// apart, and would share a few sets of the cache.
@inlinable @inline(__always)
func convolveDepthwise<Arithmetic: DepthwiseArithmetic, Output: ConvolutionOutput>(
  _: Arithmetic.Type, _ layer: DepthwiseLayer, _ output: Output, _ slice: ConvolutionSlice
) where Output.Sum == Arithmetic.Sum {
  var pixel = slice.pixels.lowerBound
  var row = pixel / layer.outputWidth
  var column = pixel &- row &* layer.outputWidth
  while pixel < slice.pixels.upperBound {
    let count = min(DepthwiseLayer.tilePixels, slice.pixels.upperBound &- pixel)
    var windows = InlineArray<4, UnsafeRawPointer>(repeating: layer.input)
    var (windowRow, windowColumn) = (row, column)
    var window = layer.input + (row &* layer.rowBytes &+ column &* layer.pixelBytes)
    for index in 0..<4 {
      windows[unchecked: index] = window
      // Behind the last pixel the tile computes that pixel again, and drops it.
      if index &+ 1 < count {
        windowColumn &+= 1
        window += layer.pixelBytes
        if windowColumn == layer.outputWidth {
          windowColumn = 0
          windowRow &+= 1
          window = layer.input + (windowRow &* layer.rowBytes)
        }
      }
    }
    for block in slice.blocks {
      let constants = output.constants(block: block)
      let sums = depthwiseSums(
        Arithmetic.self, layer, windows, firstChannelBytes: block &* 16 &* Arithmetic.values.bytes)
      (windowRow, windowColumn) = (row, column)
      for index in 0..<count {
        output.store(sums[unchecked: index], constants, block: block, row: windowRow, column: windowColumn)
        windowColumn &+= 1
        if windowColumn == layer.outputWidth {
          windowColumn = 0
          windowRow &+= 1
        }
      }
    }
    pixel &+= count
    column &+= count
    while column >= layer.outputWidth {
      column &-= layer.outputWidth
      row &+= 1
    }
  }
}

/// The sums of one register tile: the whole kernel, two of its positions at a time.
@inlinable @inline(__always)
func depthwiseSums<Arithmetic: DepthwiseArithmetic>(
  _: Arithmetic.Type, _ layer: DepthwiseLayer, _ windows: InlineArray<4, UnsafeRawPointer>, firstChannelBytes: Int
) -> InlineArray<4, SIMD16<Arithmetic.Sum>> {
  var sums = InlineArray<4, SIMD16<Arithmetic.Sum>>(repeating: SIMD16())
  let columnBytes = layer.channels &* Arithmetic.values.bytes
  var weight = layer.weights + firstChannelBytes
  if layer.kernelHeight == 3 && layer.kernelWidth == 3 {
    // Without a loop there is nothing to keep count of.
    let position = { (index: Int) in
      firstChannelBytes &+ index / 3 &* layer.windowRowBytes &+ index % 3 &* columnBytes
    }
    addPair(Arithmetic.self, &sums, windows, position(0), position(1), weight, columnBytes)
    addPair(Arithmetic.self, &sums, windows, position(2), position(3), weight + 2 &* columnBytes, columnBytes)
    addPair(Arithmetic.self, &sums, windows, position(4), position(5), weight + 4 &* columnBytes, columnBytes)
    addPair(Arithmetic.self, &sums, windows, position(6), position(7), weight + 6 &* columnBytes, columnBytes)
    addLast(Arithmetic.self, &sums, windows, position(8), weight + 8 &* columnBytes)
    return sums
  }
  let rowEndBytes = layer.windowRowBytes &- layer.kernelWidth &* columnBytes
  var (first, column) = (firstChannelBytes, 0)
  var rest = layer.kernelHeight &* layer.kernelWidth
  while rest > 1 {
    let second = nextPosition(first, &column, layer.kernelWidth, columnBytes, rowEndBytes)
    addPair(Arithmetic.self, &sums, windows, first, second, weight, columnBytes)
    first = nextPosition(second, &column, layer.kernelWidth, columnBytes, rowEndBytes)
    weight += 2 &* columnBytes
    rest &-= 2
  }
  if rest == 1 { addLast(Arithmetic.self, &sums, windows, first, weight) }
  return sums
}

/// The products of two positions of the kernel, whose weights are `columnBytes` apart.
@inlinable @inline(__always)
func addPair<Arithmetic: DepthwiseArithmetic>(
  _: Arithmetic.Type, _ sums: inout InlineArray<4, SIMD16<Arithmetic.Sum>>, _ windows: InlineArray<4, UnsafeRawPointer>,
  _ first: Int, _ second: Int, _ weights: UnsafeRawPointer, _ columnBytes: Int
) {
  let firstWeights = Arithmetic.loadWeights(weights)
  let secondWeights = Arithmetic.loadWeights(weights + columnBytes)
  for index in 0..<4 {
    let window = windows[unchecked: index]
    Arithmetic.add(
      &sums[unchecked: index], Arithmetic.loadPixel(window + first), firstWeights,
      Arithmetic.loadPixel(window + second), secondWeights)
  }
}

@inlinable @inline(__always)
func addLast<Arithmetic: DepthwiseArithmetic>(
  _: Arithmetic.Type, _ sums: inout InlineArray<4, SIMD16<Arithmetic.Sum>>, _ windows: InlineArray<4, UnsafeRawPointer>,
  _ position: Int, _ weights: UnsafeRawPointer
) {
  let lastWeights = Arithmetic.loadWeights(weights)
  for index in 0..<4 {
    Arithmetic.add(&sums[unchecked: index], Arithmetic.loadPixel(windows[unchecked: index] + position), lastWeights)
  }
}

/// Where in a window the position behind the one at `offset` lies.
@inlinable @inline(__always)
func nextPosition(_ offset: Int, _ column: inout Int, _ width: Int, _ columnBytes: Int, _ rowEndBytes: Int) -> Int {
  column &+= 1
  guard column == width else { return offset &+ columnBytes }
  column = 0
  return offset &+ columnBytes &+ rowEndBytes
}
