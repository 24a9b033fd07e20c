import CSIMD

/// Loads 16 values from any address.
@inlinable @inline(__always)
func load<Scalar: SIMDScalar>(_ pointer: UnsafePointer<Scalar>) -> SIMD16<Scalar>
where SIMD16<Scalar>: BitwiseCopyable {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Scalar>.self)
}

/// The pointer moved by so many bytes, which the compiler does not compute from another pointer: loads and stores of ARM
/// can move their address on the way.
@inlinable @inline(__always)
func moved(_ pointer: UnsafeRawPointer, by bytes: Int) -> UnsafeRawPointer {
  UnsafeRawPointer(csimd_opaque_pointer(UnsafeMutableRawPointer(mutating: pointer + bytes)))
}

/// The pointer moved by so many bytes, which the compiler does not compute from another pointer.
@inlinable @inline(__always)
func moved(_ pointer: UnsafeMutableRawPointer, by bytes: Int) -> UnsafeMutableRawPointer {
  csimd_opaque_pointer(pointer + bytes)
}
