import QuantRuntime

/// How pixels 0…255 come to a network's input: as `(pixel − mean) / deviation`, channels in one order or the other.
package struct PixelFormat: Sendable, Equatable {
  package var channels: ImageFormat.ChannelOrder
  /// Three each, always in the order R, G, B.
  package var mean: [Float]
  package var deviation: [Float]

  package init(channels: ImageFormat.ChannelOrder = .rgb, mean: [Float], deviation: [Float]) {
    self.channels = channels
    self.mean = mean
    self.deviation = deviation
  }

  /// RGB, −1…1: what InsightFace's networks are fed, and most others.
  package static let insightFace = Self(mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5])
  /// RGB as the pixels are, for a network that normalises them itself.
  static let pixels = Self(mean: [0, 0, 0], deviation: [1, 1, 1])
  /// RGB, 0…1.
  static let unit = Self(mean: [0, 0, 0], deviation: [255, 255, 255])
}
