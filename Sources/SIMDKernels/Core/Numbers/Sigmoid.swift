/// `1 / (1 + exp(−x))` with the stated exponential: |error| below 2·10⁻⁷, and the same bits everywhere.
@inlinable @inline(__always)
public func sigmoid(_ x: SIMD16<Float>) -> SIMD16<Float> { 1 / (1 + exponential(SIMD16() - x)) }

/// The sigmoid of one number.
public func sigmoid(_ x: Float) -> Float { sigmoid(SIMD16(repeating: x))[0] }
