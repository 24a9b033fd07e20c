import QuantRuntime

/// What a convolution reads, [row][column][channel] inside a border of zeros, channels padded to 16.
struct InputPlane {
  let height: Int
  let width: Int
  let channels: Int
  let values: FloatMatrix
  /// Columns of pixels, with the border's.
  private let columns: Int

  /// Channels as stored.
  var stored: Int { values.columns / columns }

  init(_ input: NodeValues, padding: Padding) {
    height = input.height
    width = input.width
    channels = input.channels
    columns = padding.left + width + padding.right
    let stored = paddedChannels(channels)
    let matrix = FloatMatrix(rows: padding.top + height + padding.bottom, columns: columns * stored)
    var pixel = 0
    input.forEachPixel { source in
      let target = matrix.row(pixel / input.width + padding.top) + (pixel % input.width + padding.left) * stored
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
      for pixel in 0..<values.rows * columns {
        let (mine, theirs) = (values.base + pixel * stored, other.values.base + pixel * stored)
        for channel in 0..<stored { mine[channel] = mine[channel] * inverse[channel] - theirs[channel] }
      }
    }
  }
}
