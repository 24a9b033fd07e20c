package import QuantRuntime

/// Kinds of detectors that are one network, with which a picture is searched at once.
package enum DetectorFamily: String, Sendable, CaseIterable {
  case yuNet = "yunet"
  case scrfd
  case centerFace = "centerface"

  /// The score from which on a face is one, where the user does not say; each family's authors measure it otherwise.
  package var score: Float {
    switch self {
    case .yuNet: 0.6
    case .scrfd: 0.5
    case .centerFace: 0.35
    }
  }

  /// How much a face may overlap a better one, 0…1.
  package var overlap: Float {
    switch self {
    case .yuNet, .centerFace: 0.3
    case .scrfd: 0.4
    }
  }

  /// How a cell's score comes about, in words.
  var scoreRule: String {
    switch self {
    case .yuNet: "sqrt(class * object)"
    case .scrfd, .centerFace: "class"
    }
  }

  /// The width, in pixels of the picture that the network sees, up to which a face is found for sure.
  ///
  /// Portraits were enlarged step by step: SCRFD-500m finds them at 270 pixels and no more at 350, the other two lose a
  /// tenth of the score at 470 and find fragments from 580 on.
  var largestFace: Int {
    switch self {
    case .yuNet, .centerFace: 480
    case .scrfd: 260
    }
  }

  /// What the networks of a family are fed: of each channel `(pixel − mean) / deviation`.
  package var input: (channels: ImageFormat.ChannelOrder, mean: Float, deviation: Float) {
    switch self {
    case .yuNet: (.bgr, 0, 1)
    case .scrfd: (.rgb, 127.5, 128)
    case .centerFace: (.rgb, 0, 1)
    }
  }

  /// How a picture is brought to whole cells of the coarsest stride.
  enum Fit {
    /// By black pixels at the right and the lower edge.
    case padded
    /// By being resized to them.
    case stretched
  }

  var fit: Fit {
    switch self {
    case .yuNet, .scrfd: .padded
    case .centerFace: .stretched
    }
  }
}
