import FaceDetection
import FaceImages
import FaceqSupport
import TestSupport

/// The outputs of the detectors in ../shared/fixtures/golden_detectors.npz, and the faces that NumPy decodes from them
/// (`Scripts/reference_decoding.py`).
struct GoldenOutputs {
  private let folder: TemporaryFolder

  static let detectors = ["yunet", "scrfd_500m", "scrfd_2.5g", "centerface"]

  init(shared: String) throws {
    folder = try TemporaryFolder()
    try runPython([
      testScript("reference_decoding.py"), shared + "/fixtures/golden_detectors.npz", folder.path,
    ])
  }

  /// In the order of the detector's file.
  func outputs(of detector: String) throws -> [DetectorOutput] {
    let strides = detector == "centerface" ? [4] : [8, 16, 32]
    let names =
      switch detector {
      case "centerface": ["heat", "scale", "offset", "landmarks"]
      case "yunet": ["cls", "obj", "bbox", "kps"]
      default: ["score", "bbox", "kps"]
      }
    let side = detector.hasPrefix("scrfd") ? 640 : 320
    return try names.flatMap { name in
      try strides.map { stride in
        let (shape, values) = try readNPY(path: FilePath("\(folder.path)/\(detector).\(name).\(stride).npy"))
        return DetectorOutput(
          stride: stride, rows: side / stride, columns: side / stride, channels: shape[1], values: values)
      }
    }
  }

  /// The picture that the outputs are of.
  func picture(side: Int) throws -> RGBImage {
    let values = try readNPY(path: FilePath("\(folder.path)/picture\(side).npy")).values
    return RGBImage(width: side, height: side, pixels: values.map { UInt8($0) })
  }

  /// Those of at least 0.3: score, left, top, right, bottom, then x and y of five points.
  func faces(of detector: String) throws -> [[Float]] {
    let (shape, values) = try readNPY(path: FilePath("\(folder.path)/\(detector).faces.npy"))
    return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }
}

extension DetectorForm {
  init?(_ outputs: [DetectorOutput]) {
    self.init(outputs: outputs.map { ($0.stride, $0.channels) })
  }
}

extension DetectedFace {
  /// In the order of the reference.
  var numbers: [Float] { [score, box.left, box.top, box.right, box.bottom] + landmarks.flatMap { [$0.x, $0.y] } }
}
