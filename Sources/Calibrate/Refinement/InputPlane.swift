import QuantRuntime

/// What a convolution reads, [row][column][channel] inside a border of zeros, channels padded to 16.
struct InputPlane {
  let height: Int
  let width: Int
  let channels: Int
  let padding: Int
  let values: FloatMatrix

  /// Channels as stored.
  var stored: Int { values.columns / (width + 2 * padding) }

  init(_ tap: TapValues, padding: Int) {
    height = tap.height
    width = tap.width
    channels = tap.channels
    self.padding = padding
    let stored = paddedChannels(tap.channels)
    let matrix = FloatMatrix(rows: tap.height + 2 * padding, columns: (tap.width + 2 * padding) * stored)
    var pixel = 0
    tap.forEachPixel { source in
      let target = matrix.row(pixel / tap.width + padding) + (pixel % tap.width + padding) * stored
      for channel in 0..<source.count { target[channel] = source[channel] }
      pixel += 1
    }
    values = matrix
  }

  /// In place, `self = self / scale − other`, per channel: how far `other`, in units of `scale`, is from these values.
  func becomeDifference(to other: InputPlane, scale: [Float]) {
    let inverse = padded(scale.map { 1 / $0 }, with: 0)
    let stored = stored
    inverse.withUnsafeBufferPointer { inverse in
      for pixel in 0..<values.rows * (width + 2 * padding) {
        let (mine, theirs) = (values.base + pixel * stored, other.values.base + pixel * stored)
        for channel in 0..<stored { mine[channel] = mine[channel] * inverse[channel] - theirs[channel] }
      }
    }
  }
}
