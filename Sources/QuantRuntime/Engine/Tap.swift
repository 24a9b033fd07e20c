/// A place in the network whose activations an observing session hands out.
public enum Tap: Hashable, Sendable {
  /// Behind a convolution of the stem (and its PReLU), the last one excepted.
  case stemBody(Int)
  /// Behind the last convolution of the stem.
  case stem
  /// What a block's first convolution reads: the trunk behind the block's BatchNorm.
  case blockInput(Int)
  /// Behind a convolution of a block's body (and its PReLU), the last one excepted.
  case body(block: Int, convolution: Int)
  /// The output of a block's body, before squeeze-and-excitation.
  case branch(Int)
  /// The trunk behind a block.
  case trunk(Int)
  /// What the tail's first convolution reads, where there is a tail.
  case tailInput
  /// Behind a convolution of the tail (and its PReLU), the last one excepted.
  case tail(Int)
  /// What the linear layer reads.
  case headInput
}

/// The activations at a tap: [row][column][channel], rows `rowStride` and pixels `pixelStride` values apart.
///
/// Of an int8 session, what a convolution reads is in units of its scales, which the model no longer has: bytes minus
/// zero points. The trunk is dequantised. Other taps are not handed out. Valid only during the observer's call.
public struct TapValues {
  public let tap: Tap
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

/// Who is handed the values of a program's taps.
final class TapObserver {
  var body: ((TapValues) -> Void)?
}
