import FaceqSupport
import Foundation

/// The small trained network that the package brings along: 112×112, 128 components. Its checkpoint, and its int8 model.
package let trainedCheckpoint = packageFolder + "/Models/ir_se50_narrow.pth"
package let trainedModel = packageFolder + "/Models/ir_se50_narrow.int8.gguf"

/// The trained detector MTCNN, which scripts/test makes. Nil where `FACEQ_DETECTOR` names no such file.
public let trainedDetector: String? = {
  guard let path = ProcessInfo.processInfo.environment["FACEQ_DETECTOR"],
    let kind = try? GGUFFile(path: FilePath(path)).string("faceq.detector"), kind == "mtcnn"
  else { return nil }
  return path
}()

/// A trained detector that is one network: YuNet of ../shared or, where that is not there, CenterFace, which scripts/test
/// makes.
package enum NetworkDetectorSource: Sendable {
  /// An ONNX file.
  case yuNet(String)
  /// A detector's file, in float.
  case centerFace(String)

  package var family: String { if case .yuNet = self { "yunet" } else { "centerface" } }

  package var strides: [Int] { if case .yuNet = self { [8, 16, 32] } else { [4] } }

  /// Writes the detector's file.
  ///
  /// - Parameter faceq: the path of the program, which imports.
  package func write(to path: String, faceq: String) throws {
    switch self {
    case .yuNet(let file):
      let result = try runProgram(faceq, ["import", file, "-o", path])
      guard result.status == 0 else { throw FaceqError(result.errors) }
    case .centerFace(let file): try FileManager.default.copyItem(atPath: file, toPath: path)
    }
  }
}

/// Nil where there is none, and tests that need one are skipped.
package let networkDetector: NetworkDetectorSource? = {
  if let sharedFolder { return .yuNet(sharedFolder + "/models/onnx/yunet_s_640_640.onnx") }
  let centerFace = packageFolder + "/.build/centerface.gguf"
  return FileManager.default.fileExists(atPath: centerFace) ? .centerFace(centerFace) : nil
}()

/// Whether faces can be detected in photos, by a detector that is one network.
package let canDetect = testPictures != nil && networkDetector != nil

/// Why tests are skipped.
package let detectingNeeds = "needs ../shared, or the photos and the detector that scripts/test fetches"
