internal import FaceqSupport

/// Why a face that was found should not be embedded.
package enum FaceObjection: Sendable, Equatable {
  case fault(FaceFault)
  /// - Parameter asked: the quality that it should have.
  case poor(FaceQuality, asked: Float)

  /// The end of a sentence: "it is cut off by the picture's edge".
  package var explanation: String {
    switch self {
    case .fault(let fault): return fault.explanation
    case .poor(let quality, let asked):
      let flaw = quality.flaw?.explanation ?? "it is poor"
      return "\(flaw), of quality \(text(quality.verdict)) where \(text(asked)) is asked for"
    }
  }

  private func text(_ value: Float) -> String { formatDecimal(Double(value), fractionDigits: 2) }
}

extension DetectedFace {
  /// What speaks against embedding this face of `photo`; nil where nothing does.
  ///
  /// - Parameters:
  ///   - figures: how well the face was taken; is asked for only where `quality` is not nil.
  ///   - allowsCutOff: takes faces that the picture's edge cuts off.
  ///   - quality: 0…1, which the face must have; nil takes any.
  package func objection(
    of photo: Photo, figures: @autoclosure () -> FaceQuality?, allowsCutOff: Bool, quality: Float?
  ) -> FaceObjection? {
    if let fault = fault(width: photo.width, height: photo.height), fault != .cutOff || !allowsCutOff {
      return .fault(fault)
    }
    guard let quality, let figures = figures(), figures.verdict < quality else {
      return nil
    }
    return .poor(figures, asked: quality)
  }
}
