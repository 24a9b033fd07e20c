extension Plane<Int8> {
  /// Hands out what a convolution reads: bytes, stored XOR `flip`, minus zero points.
  func observe(
    _ tap: Tap, channels: Int, zero: UnsafePointer<Int8>, flip: Int8, _ observer: (TapValues) -> Void
  ) {
    let interior = base + padding * (rowStride + self.channels)
    var values = [Float](repeating: 0, count: pixels * channels)
    values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<height {
        for column in 0..<width {
          let source = interior + row * rowStride + column * self.channels
          let pixel = base + (row * width + column) * channels
          for channel in 0..<channels {
            pixel[channel] = Float(Int32(source[channel] ^ flip) - Int32(zero[channel]))
          }
        }
      }
      observer(
        TapValues(
          tap: tap, height: height, width: width, channels: channels, base: base, rowStride: width * channels,
          pixelStride: channels))
    }
  }
}

extension Plane<Int16> {
  /// Hands out a plane without a border, each channel times its scale.
  func observe(_ tap: Tap, channels: Int, scale: UnsafePointer<Float>, _ observer: (TapValues) -> Void) {
    var values = [Float](repeating: 0, count: pixels * self.channels)
    for index in 0..<values.count { values[index] = Float(base[index]) * scale[index % self.channels] }
    values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      observer(
        TapValues(
          tap: tap, height: height, width: width, channels: channels, base: base, rowStride: rowStride,
          pixelStride: self.channels))
    }
  }
}

extension Plane<Float> {
  /// Hands out the plane's values.
  func observe(_ tap: Tap, channels: Int, _ observer: (TapValues) -> Void) {
    observer(
      TapValues(
        tap: tap, height: height, width: width, channels: channels,
        base: base + padding * (rowStride + self.channels), rowStride: rowStride, pixelStride: self.channels))
  }
}
