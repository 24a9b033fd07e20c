import SIMDKernels

/// Who is handed the values of a program's nodes.
final class NodeObserver {
  var body: ((NodeValues) -> Void)?
}

extension ProgramPlan {
  /// Adds a step that hands out what a node has written, where the session observes.
  ///
  /// - Parameters:
  ///   - zero: of bytes, for each channel.
  ///   - scale: what int16 is multiplied with, for each channel; nil where the integers are handed out.
  mutating func appendObservation(
    of node: Int, named name: String, zero: Tensor<Int8>?, scale: Tensor<Float>?
  ) {
    guard observing else { return }
    let (plane, form, flip) = (plane(node), form(node), kernels.pixelFlip)
    append(LayerDescription(name, .observation)) { [observer] _, _ in
      guard let body = observer.body else { return }
      guard form != .float else {
        return body(
          NodeValues(
            node: node, height: plane.height, width: plane.width, channels: plane.channels,
            base: UnsafePointer(plane.floats), rowStride: plane.rowBytes / 4, pixelStride: plane.storedChannels))
      }
      let values = plane.integers(flip: flip, zero: zero, scale: scale)
      values.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        body(
          NodeValues(
            node: node, height: plane.height, width: plane.width, channels: plane.channels, base: base,
            rowStride: plane.width * plane.channels, pixelStride: plane.channels))
      }
    }
  }
}

extension Plane {
  /// Bytes minus their zero points, or int16, times a scale where there is one: [row][column][channel].
  fileprivate func integers(flip: Int8, zero: Tensor<Int8>?, scale: Tensor<Float>?) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(pixels * channels)
    for row in 0..<height {
      for column in 0..<width {
        let pixel = interior + row * rowBytes + column * pixelBytes
        for channel in 0..<channels {
          let value: Float
          if valueBytes == 1 {
            let byte = (pixel + channel).load(as: Int8.self) ^ flip
            value = Float(Int(byte) - (zero.map { Int($0[channel]) } ?? 0))
          } else {
            value = Float((pixel + 2 * channel).load(as: Int16.self))
          }
          values.append(scale.map { value * $0[channel] } ?? value)
        }
      }
    }
    return values
  }
}
