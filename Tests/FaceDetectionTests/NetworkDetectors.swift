import Checkpoint
import FaceDetection
import FaceqSupport
import QuantRuntime
import TestSupport
import Testing
import WorkstationCommands

/// Where the detectors' ONNX files are, and what they are called in golden_detectors.npz.
struct NetworkDetectorFile: Sendable, CustomTestStringConvertible {
  var file: String
  var name: String
  var family: DetectorFamily
  /// Of the golden picture.
  var side: Int
  var testDescription: String { file }

  static let all = [
    NetworkDetectorFile(file: "yunet_n_dynamic", name: "yunet", family: .yuNet, side: 320),
    NetworkDetectorFile(file: "scrfd_500m_kps", name: "scrfd_500m", family: .scrfd, side: 640),
    NetworkDetectorFile(file: "scrfd_2.5g_kps", name: "scrfd_2.5g", family: .scrfd, side: 640),
  ]

  /// The detector as an import makes it.
  static func imported(_ file: String) throws -> DetectorModel {
    let path = FilePath((sharedFolder ?? "") + "/models/onnx/\(file).onnx")
    guard let model = try networkDetector(importONNX(path: path), path: path) else {
      throw FaceqError("\(path) is no detector")
    }
    return model
  }
}

/// The trained detector that there is, in float.
func trainedNetworkDetector() throws -> DetectorModel {
  switch try #require(networkDetector) {
  case .yuNet: return try NetworkDetectorFile.imported("yunet_s_640_640")
  case .centerFace(let path):
    guard case .network(let model) = try DetectorFile(path: FilePath(path)) else {
      throw FaceqError("\(path) is another kind of detector")
    }
    return model
  }
}
