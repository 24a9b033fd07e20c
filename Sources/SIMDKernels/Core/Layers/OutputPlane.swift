/// The memory that a layer's output goes to: one pixel is `pixelBytes` long, one row `rowBytes`.
public struct OutputPlane: @unchecked Sendable {
  public var base: UnsafeMutableRawPointer
  public var pixelBytes: Int
  public var rowBytes: Int

  @inlinable
  public init(base: UnsafeMutableRawPointer, pixelBytes: Int, rowBytes: Int) {
    self.base = base
    self.pixelBytes = pixelBytes
    self.rowBytes = rowBytes
  }

  @inlinable @inline(__always)
  func pixel(row: Int, column: Int) -> UnsafeMutableRawPointer {
    base + (row &* rowBytes &+ column &* pixelBytes)
  }
}
