/// The dot products that one instruction set offers the convolution loop: of a few bytes of a pixel with the weights of
/// 16 output channels.
///
/// Everything is cut into *steps*: 4 bytes of a pixel (four int8, two int16 or one float) against 64 bytes of weights,
/// stored [16 output channels][4 bytes]. That one packed order, `[block of 16 outputs][kernel row][step][16][4]`,
/// serves every instruction set, so weights are used straight from the mapped model file.
public protocol DotProducts: SendableMetatype {
  /// Running sums of 16 output channels for `pixelsPerAccumulator` pixels, in whatever order the instructions like.
  associatedtype Accumulator: BitwiseCopyable
  /// `pixelBytesPerLoad` bytes of `pixelsPerAccumulator` pixels.
  associatedtype PixelVector: BitwiseCopyable
  /// The weights of one `dot`.
  associatedtype WeightVector: BitwiseCopyable
  /// The type of sums: Int32 or Float.
  associatedtype Sum: SIMDScalar

  /// The type of pixels and weights.
  static var values: StoredValues { get }
  /// The number of pixels in an accumulator: 1, or 2 where an instruction multiplies two pixels at once.
  static var pixelsPerAccumulator: Int { get }
  /// A multiple of 4 that divides the bytes of a kernel row.
  static var pixelBytesPerLoad: Int { get }
  /// The number of `dot`s that use up one load of pixels, at most 32. Each may take some of the pixels' bytes, some of the output
  /// channels, or both: few registers of weights are then alive at a time.
  static var dotsPerLoad: Int { get }

  /// Whether an epilogue takes a tile's sums from registers, where `pixelsPerAccumulator` is 1, and not from memory.
  static var storesFromRegisters: Bool { get }

  static func zero() -> Accumulator
  /// `second` is read only where `pixelsPerAccumulator` is 2.
  static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> PixelVector
  /// The weights of the `lane`-th `dot`, of those of one load of pixels that begin at `weights`.
  static func loadWeights(_ weights: UnsafeRawPointer, lane: Int) -> WeightVector
  /// Adds the products of the `lane`-th `dot`; `lane` is a constant once inlined.
  static func dot(_ sums: inout Accumulator, _ pixels: PixelVector, lane: Int, _ weights: WeightVector)
  /// The 16 channels' sums of one of the accumulator's pixels, in channel order.
  static func sums(_ accumulator: Accumulator, pixel: Int) -> SIMD16<Sum>
}

extension DotProducts where Sum == Int32 {
  @inlinable @inline(__always)
  public static var values: StoredValues { .int16 }
}

extension DotProducts where Sum == Float {
  @inlinable @inline(__always)
  public static var values: StoredValues { .float }
}

extension DotProducts {
  /// The number of bytes of weights that one `dot` uses.
  @inlinable @inline(__always)
  public static var weightBytesPerDot: Int { pixelBytesPerLoad / dotsPerLoad * 16 }

  // What most instruction sets do: one pixel, one step at a time.
  @inlinable @inline(__always)
  public static var pixelsPerAccumulator: Int { 1 }
  @inlinable @inline(__always)
  public static var pixelBytesPerLoad: Int { 4 }
  @inlinable @inline(__always)
  public static var dotsPerLoad: Int { 1 }
  @inlinable @inline(__always)
  public static var storesFromRegisters: Bool { false }
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer, lane: Int) -> WeightVector {
    (weights + lane &* weightBytesPerDot).loadUnaligned(as: WeightVector.self)
  }
}

extension DotProducts where Accumulator == SIMD16<Sum> {
  @inlinable @inline(__always)
  public static func zero() -> SIMD16<Sum> { SIMD16() }
  @inlinable @inline(__always)
  public static func sums(_ accumulator: SIMD16<Sum>, pixel: Int) -> SIMD16<Sum> { accumulator }
}
