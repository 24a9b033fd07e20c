import FaceqSupport

extension ImageFormat {
  /// The image in integers: q = factor · pixel − offset for each channel, worth 1 / (factor · deviation) each, so that
  /// 0 is what the network sees as 0.
  package struct FixedPoint: Sendable, Equatable {
    package var factor: Int
    package var offsets: [Int]

    package init(factor: Int, offsets: [Int]) {
      self.factor = factor
      self.offsets = offsets
    }

    /// The largest magnitude of q.
    package var largest: Int { offsets.reduce(0) { max($0, abs($1), abs(255 * factor - $1)) } }
  }

  /// The smallest power of two with which all means are whole numbers, or 64: then the image is off by 1/128 of a
  /// pixel's unit at most. (x − 127.5) / 127.5 becomes 2x − 255.
  package var fixedPoint: FixedPoint {
    var factor = 1
    while factor < 64, mean.contains(where: { (Float(factor) * $0).rounded() != Float(factor) * $0 }) { factor *= 2 }
    func point(_ factor: Int) -> FixedPoint {
      FixedPoint(
        factor: factor, offsets: mean.map { Int((Float(factor) * $0).rounded(.toNearestOrEven)) })
    }
    while factor > 1, point(factor).largest > 32767 { factor /= 2 }
    return point(factor)
  }

  /// Pixels are int16 whatever is subtracted from them: the first convolution reads four channels, and an int16 kernel
  /// that reads four costs less than an int8 one that reads sixteen.
  ///
  /// - Throws: where a mean is far from all pixels.
  func form() throws(FaceqError) -> Form {
    let largest = fixedPoint.largest
    guard largest <= 32767 else { throw FaceqError("int8 does not cover an image with such a mean") }
    return .int16(largest: largest)
  }
}
