/// A plane that a pass reads: one pixel is `pixelBytes` long, one row `rowBytes`; `base` is the first pixel inside its
/// border.
public struct InputPlane: @unchecked Sendable {
  public var base: UnsafeRawPointer
  public var pixelBytes: Int
  public var rowBytes: Int

  @inlinable
  public init(base: UnsafeRawPointer, pixelBytes: Int, rowBytes: Int) {
    self.base = base
    self.pixelBytes = pixelBytes
    self.rowBytes = rowBytes
  }

  /// The plane that something else writes.
  @inlinable
  public init(_ plane: OutputPlane) {
    self.init(base: UnsafeRawPointer(plane.base), pixelBytes: plane.pixelBytes, rowBytes: plane.rowBytes)
  }

  @inlinable @inline(__always)
  func pixel(row: Int, column: Int) -> UnsafeRawPointer {
    base + (row &* rowBytes &+ column &* pixelBytes)
  }
}
