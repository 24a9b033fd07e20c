/// The limits that integers are clamped to, for each channel, within the range of the type that they are stored as.
public struct IntegerLimits: @unchecked Sendable {
  public var lowest: UnsafePointer<Int16>
  public var highest: UnsafePointer<Int16>

  @inlinable
  public init(lowest: UnsafePointer<Int16>, highest: UnsafePointer<Int16>) {
    (self.lowest, self.highest) = (lowest, highest)
  }

  @inlinable @inline(__always)
  func block(_ block: Int) -> (lowest: SIMD16<Int16>, highest: SIMD16<Int16>) {
    (load(lowest + block &* 16), load(highest + block &* 16))
  }
}

/// The limits that floats are clamped to. Where both are infinite, nothing is clamped.
public struct FloatLimits: Sendable {
  public var lowest: Float
  public var highest: Float

  @inlinable
  public init(lowest: Float = -.infinity, highest: Float = .infinity) {
    (self.lowest, self.highest) = (lowest, highest)
  }
}
