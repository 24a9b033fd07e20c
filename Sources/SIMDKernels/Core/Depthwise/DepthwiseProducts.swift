import CSIMD

/// Products and sums of 16 channels of a depthwise convolution.
public protocol DepthwiseProducts: SendableMetatype {
  /// The type of sums: Int32 or Float.
  associatedtype Sum: SIMDScalar
  /// The 16 channels of a pixel or of the weights, ready to be multiplied.
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

extension DepthwiseProducts {
  /// Adds two products one after the other.
  @inlinable @inline(__always)
  public static func add(
    _ sums: inout SIMD16<Sum>, _ first: Values, _ firstWeights: Values, _ second: Values, _ secondWeights: Values
  ) {
    add(&sums, first, firstWeights)
    add(&sums, second, secondWeights)
  }
}

/// int8 × int8 → int32, exact. `Dot` says how pixels are stored, and which instruction set the code is for.
public enum DepthwiseInt8<Dot: Int8DotProducts>: DepthwiseProducts {
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
public enum DepthwiseInt16<Dot: DotProducts>: DepthwiseProducts {
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
public enum DepthwiseFloat<Dot: DotProducts>: DepthwiseProducts {
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
