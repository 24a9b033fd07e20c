package import FaceqSupport

/// Where frames come from.
package enum SourceAddress: Sendable {
  /// MJPEG on standard input.
  case standardInput
  /// A Video4Linux2 device.
  case camera(FilePath)
  /// MJPEG over HTTP.
  case stream(HTTPAddress)
  /// A file with MJPEG in it, or a pipe.
  case file(FilePath)
  /// Picture files, one behind the other.
  case pictures(PathList, name: FilePath)

  /// Whether opening it again may bring more frames.
  package var canBeReopened: Bool {
    switch self {
    case .camera, .stream: true
    case .standardInput, .file, .pictures: false
    }
  }
}

extension SourceAddress: CustomStringConvertible {
  package var description: String {
    switch self {
    case .standardInput: "standard input"
    case .camera(let path), .file(let path): path.description
    case .stream(let address): address.description
    case .pictures(_, let name): name.description
    }
  }
}
