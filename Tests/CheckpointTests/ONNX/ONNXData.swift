import Checkpoint
import FaceqSupport
import Foundation
import Glibc
import TestSupport

/// ONNX files that tests read or make.
enum ONNXData {
  static let hasModels =
    TestData.hasShared && (try? FileManager.default.attributesOfItem(atPath: model("yunet_n_dynamic"))) != nil
  static let modelsNeeded = sharedDataMissing

  static let canMake = (try? TestData.run(["-c", "import numpy, onnx"])) != nil
  static let makingNeeds = "needs python3 with numpy and onnx"

  /// The answers of ONNX Runtime for a network: those of make_onnx.py's are in the package, others in ../shared.
  static func golden(of net: String, in folder: TemporaryFolder) throws -> StateDict {
    let isOther = net == "foamliu_MobileFaceNet"
    return try golden(isOther ? shared("golden_onnx.npz") : fixtures + "/golden_onnx.npz", in: folder)
  }

  /// An archive of golden values, its compression undone.
  static func golden(_ archive: String, in folder: TemporaryFolder) throws -> StateDict {
    let path = folder("golden.npz")
    try TestData.run([
      "-c", "import sys, numpy; numpy.savez(sys.argv[2], **numpy.load(sys.argv[1]))", archive, path,
    ])
    return try StateDict(path: FilePath(path))
  }

  static func shared(_ name: String) -> String {
    TestData.shared.appending(path: "fixtures/\(name)").path
  }

  static func model(_ name: String) -> String {
    TestData.shared.appending(path: "models/onnx/\(name).onnx").path
  }

  /// Writes one of make_onnx.py's nets and returns its path.
  static func make(_ net: String, in folder: TemporaryFolder) throws -> String {
    let path = folder("\(net).onnx")
    try TestData.run([fixtures + "/make_onnx.py", net, path])
    return path
  }

  /// Interleaved pixels as three normalised planes of `count` pixels.
  static func planes(
    _ pixels: ArraySlice<Float>, count: Int, _ normalise: (_ pixel: Float, _ channel: Int) -> Float
  ) -> [Float] {
    (0..<3).flatMap { channel in
      (0..<count).map { normalise(pixels[pixels.startIndex + $0 * 3 + channel], channel) }
    }
  }

  static func reversedChannels(_ planes: [Float]) -> [Float] {
    let count = planes.count / 3
    return Array(planes[(2 * count)...] + planes[count..<2 * count] + planes[..<count])
  }
}

func exponential(_ x: Float) -> Float { Glibc.exp(x) }
