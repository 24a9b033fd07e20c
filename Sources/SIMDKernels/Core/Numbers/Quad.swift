/// Four registers, each under its name: an array of them would be kept in memory.
public struct Quad<Vector: BitwiseCopyable>: BitwiseCopyable {
  public var a, b, c, d: Vector

  @inlinable @inline(__always)
  public init(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) { (self.a, self.b, self.c, self.d) = (a, b, c, d) }
}
