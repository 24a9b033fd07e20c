/// The values that a node of an observed network has written: [row][column][channel], rows `rowStride` and pixels
/// `pixelStride` values apart. Valid only during the observer's call.
///
/// Of an int8 network, bytes are handed out minus their zero points, in units of their scales, which the model no longer
/// has; int16 as the integers that they are, but for sums, whose scale the model knows: these are dequantised.
public struct NodeValues {
  /// The node's index in its graph.
  public let node: Int
  public let height: Int
  public let width: Int
  /// Without padding.
  public let channels: Int
  let base: UnsafePointer<Float>
  let rowStride: Int
  let pixelStride: Int

  /// Calls `body` with each pixel's channels.
  public func forEachPixel(_ body: (UnsafeBufferPointer<Float>) -> Void) {
    for row in 0..<height {
      for column in 0..<width {
        body(UnsafeBufferPointer(start: base + row * rowStride + column * pixelStride, count: channels))
      }
    }
  }

  /// All values, [row][column][channel], without padding.
  public func values() -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(height * width * channels)
    forEachPixel { values.append(contentsOf: $0) }
    return values
  }
}
