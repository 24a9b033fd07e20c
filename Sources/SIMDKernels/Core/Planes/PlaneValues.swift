import CSIMD

/// A way to store 16 channels of a pixel.
public protocol PlaneValues: SendableMetatype {
  associatedtype Vector: BitwiseCopyable
  /// The number of bytes of 16 channels.
  static var blockBytes: Int { get }
  /// The stored form of 16 zeros.
  static var zero: Vector { get }
  static func load(_ pixel: UnsafeRawPointer) -> Vector
  /// The larger number of each lane.
  static func maximum(_ a: Vector, _ b: Vector) -> Vector
}

/// Integers that have a stored form.
public protocol PlaneIntegers: ConvertibleIntegers, PlaneValues {
  /// The numbers that are stored.
  static func shorts(_ vector: Vector) -> SIMD16<Int16>
  /// The stored form of numbers within the range.
  static func stored(_ integers: SIMD16<Int32>) -> Vector
}

/// Integers that become floats.
public protocol ConvertibleIntegers: SendableMetatype {
  /// The number of bytes of 16 channels.
  static var blockBytes: Int { get }
  static func floats(_ pixel: UnsafeRawPointer) -> SIMD16<Float>
}

extension PlaneIntegers {
  @inlinable @inline(__always)
  public static func floats(_ pixel: UnsafeRawPointer) -> SIMD16<Float> {
    csimd_float_from_int(csimd_widen_i16(shorts(load(pixel))))
  }
}

/// Values of int32, such as sums over a plane. `Dot` says which instruction set the code is for.
public enum PlaneInt32<Dot: DotProducts>: ConvertibleIntegers {
  @inlinable @inline(__always)
  public static var blockBytes: Int { 64 }
  @inlinable @inline(__always)
  public static func floats(_ pixel: UnsafeRawPointer) -> SIMD16<Float> {
    csimd_float_from_int(pixel.loadUnaligned(as: SIMD16<Int32>.self))
  }
}

/// Values of int8, XORed with `Dot.pixelFlip` in memory.
public enum PlaneInt8<Dot: Int8DotProducts>: PlaneIntegers {
  @inlinable @inline(__always)
  public static var blockBytes: Int { 16 }
  @inlinable @inline(__always)
  public static var zero: SIMD16<Int8> { SIMD16(repeating: Dot.pixelFlip) }
  @inlinable @inline(__always)
  public static func load(_ pixel: UnsafeRawPointer) -> SIMD16<Int8> { pixel.loadUnaligned(as: SIMD16<Int8>.self) }
  @inlinable @inline(__always)
  public static func maximum(_ a: SIMD16<Int8>, _ b: SIMD16<Int8>) -> SIMD16<Int8> {
    Dot.pixelFlip == 0 ? csimd_max_i8(a, b) : csimd_max_u8(a, b)
  }
  @inlinable @inline(__always)
  public static func shorts(_ vector: SIMD16<Int8>) -> SIMD16<Int16> {
    csimd_widen_i8_to_i16(Dot.pixelFlip == 0 ? vector : vector ^ SIMD16(repeating: Dot.pixelFlip))
  }
  @inlinable @inline(__always)
  public static func stored(_ integers: SIMD16<Int32>) -> SIMD16<Int8> {
    csimd_narrow_to_i8(integers) ^ SIMD16(repeating: Dot.pixelFlip)
  }
}

/// Values of int16. `Dot` says which instruction set the code is for.
public enum PlaneInt16<Dot: DotProducts>: PlaneIntegers {
  @inlinable @inline(__always)
  public static var blockBytes: Int { 32 }
  @inlinable @inline(__always)
  public static var zero: SIMD16<Int16> { SIMD16() }
  @inlinable @inline(__always)
  public static func load(_ pixel: UnsafeRawPointer) -> SIMD16<Int16> { csimd_load_16_shorts(pixel) }
  @inlinable @inline(__always)
  public static func maximum(_ a: SIMD16<Int16>, _ b: SIMD16<Int16>) -> SIMD16<Int16> { csimd_max_i16(a, b) }
  @inlinable @inline(__always)
  public static func shorts(_ vector: SIMD16<Int16>) -> SIMD16<Int16> { vector }
  @inlinable @inline(__always)
  public static func stored(_ integers: SIMD16<Int32>) -> SIMD16<Int16> { csimd_narrow_to_i16(integers) }
}

/// Values of float32. `Dot` says which instruction set the code is for.
public enum PlaneFloat<Dot: DotProducts>: PlaneValues {
  @inlinable @inline(__always)
  public static var blockBytes: Int { 64 }
  @inlinable @inline(__always)
  public static var zero: SIMD16<Float> { SIMD16() }
  @inlinable @inline(__always)
  public static func load(_ pixel: UnsafeRawPointer) -> SIMD16<Float> { pixel.loadUnaligned(as: SIMD16<Float>.self) }
  @inlinable @inline(__always)
  public static func maximum(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> { csimd_max_f32(a, b) }
}
