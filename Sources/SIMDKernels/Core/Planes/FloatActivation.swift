import CSIMD

/// The activation of floats: `clamp(v < 0 ? v · slope : v)`.
public struct FloatActivation: @unchecked Sendable {
  /// The slopes [channel]; nil where there are none.
  public var slopes: UnsafePointer<Float>?
  public var limits: FloatLimits

  @inlinable
  public init(slopes: UnsafePointer<Float>? = nil, limits: FloatLimits = FloatLimits()) {
    (self.slopes, self.limits) = (slopes, limits)
  }

  /// Whether every value stays as it is.
  @inlinable @inline(__always)
  var isIdentity: Bool { slopes == nil && limits.lowest == -.infinity && limits.highest == .infinity }

  @inlinable @inline(__always)
  func slopes(block: Int) -> SIMD16<Float> { slopes.map { load($0 + block &* 16) } ?? SIMD16(repeating: 1) }

  @inlinable @inline(__always)
  func callAsFunction(_ value: SIMD16<Float>, _ slopes: SIMD16<Float>) -> SIMD16<Float> {
    csimd_clamp_f32(csimd_select_by_float_sign(value, value, value * slopes), limits.lowest, limits.highest)
  }
}
