import CSIMD

/// The float engine's epilogue: bias and PReLU (slopes of 1 where there is none).
public struct FloatOutput: ConvolutionOutput, @unchecked Sendable {
  public var plane: OutputPlane
  public var bias: UnsafePointer<Float>
  public var slopes: UnsafePointer<Float>

  @inlinable
  public init(plane: OutputPlane, bias: UnsafePointer<Float>, slopes: UnsafePointer<Float>) {
    self.plane = plane
    self.bias = bias
    self.slopes = slopes
  }

  @inlinable @inline(__always)
  public static var blockBytes: Int { 64 }
  @inlinable @inline(__always)
  public func constants(block: Int) -> Constants {
    Constants(bias: load(bias + block &* 16), slopes: load(slopes + block &* 16))
  }
  @inlinable @inline(__always)
  public func store(_ sums: SIMD16<Float>, _ constants: Constants, at address: UnsafeMutableRawPointer) {
    let value = sums + constants.bias
    address.storeBytes(
      of: csimd_select_by_float_sign(value, value, value * constants.slopes), as: SIMD16<Float>.self)
  }

  public struct Constants: BitwiseCopyable {
    @usableFromInline let bias: SIMD16<Float>
    @usableFromInline let slopes: SIMD16<Float>

    @inlinable @inline(__always)
    init(bias: SIMD16<Float>, slopes: SIMD16<Float>) { (self.bias, self.slopes) = (bias, slopes) }
  }
}
