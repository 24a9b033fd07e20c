import FaceDetection
import FaceImages
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// The faces that OpenCV's FaceDetectorYN finds in the photos of ../shared/photos, found from the outputs that ONNX
/// Runtime computes for the pictures that are prepared here. `FACEQ_ONNXRUNTIME_PYTHON` names a Python that has numpy,
/// onnx and onnxruntime.
@Suite(
  .enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)),
  .enabled(if: python != nil, "FACEQ_ONNXRUNTIME_PYTHON names no Python with numpy, onnx and onnxruntime"))
struct OpenCVFacesTests {
  @Test func sameFaces() throws {
    let shared = try #require(sharedData)
    let folder = try TemporaryFolder()
    let form = try #require(
      DetectorForm(outputs: [1, 1, 4, 10].flatMap { channels in [8, 16, 32].map { ($0, channels) } }))
    let expected = try openCVFaces(shared + "/fixtures/golden_yunet_photos.csv")
    #expect(expected.count == 7)

    var photos: [String: RGBImage] = [:]
    for name in expected.keys {
      let photo = try readImage(path: "\(shared)/photos/\(name)")
      photos[name] = photo
      // Nothing is known to the network yet; what it is shown is kept.
      _ = try searchFaces(in: photo, form: form) { input throws(FaceqError) in
        try write(input, family: form.family, path: folder("\(name).input.npy"))
        return form.silence
      }
    }
    let run = try runProgram(
      #require(python),
      ["-B", testScript("run_onnx.py"), shared + "/models/onnx/yunet_s_640_640.onnx", "1", folder.path])
    #expect(run.status == 0, "\(run.errors)")

    var count = 0
    for (name, expected) in expected {
      let faces = try searchFaces(in: #require(photos[name]), form: form) { input throws(FaceqError) in
        try outputs(folder("\(name)"), width: input.width, count: 12)
      }
      try #require(faces.count == expected.count, "\(name)")
      count += faces.count
      for (face, expected) in zip(faces, expected) {
        let box = face.box
        let numbers = [box.left, box.top, box.width, box.height] + face.landmarks.flatMap { [$0.x, $0.y] }
        #expect(abs(face.score - expected[0]) <= 0.0001, "\(name): \(face) \(expected)")
        for (number, expected) in zip(numbers, expected.dropFirst()) {
          #expect(abs(number - expected) <= 0.006, "\(name): \(number) \(expected)")
        }
      }
    }
    #expect(count == 51)
  }

  /// By photo, best first: score, left, top, width, height, x and y of five points.
  private func openCVFaces(_ path: String) throws -> [String: [[Float]]] {
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
    return try Dictionary(grouping: rows.map { $0.split(separator: ",") }, by: { String($0[0]) })
      .mapValues { try $0.map { try $0.dropFirst().map { try #require(Float($0)) } } }
  }

  private func write(_ input: RGBImage, family: DetectorFamily, path: String) throws(FaceqError) {
    let (isBGR, mean, deviation) = family.normalisation
    let values = stride(from: 0, to: input.pixels.count, by: 3).flatMap { pixel in
      (isBGR ? [2, 1, 0] : [0, 1, 2]).map { (Float(input.pixels[pixel + $0]) - mean) / deviation }
    }
    try writeNPY(path: path, rows: input.height, columns: 3 * input.width, values: values)
  }

  private func outputs(_ name: String, width: Int, count: Int) throws(FaceqError) -> [DetectorOutput] {
    let strides = try readNPY(path: name + ".strides.npy").values
    var outputs: [DetectorOutput] = []
    for (index, stride) in strides.enumerated() {
      let (shape, values) = try readNPY(path: "\(name).\(index).npy")
      let columns = width / Int(stride)
      outputs.append(
        DetectorOutput(
          stride: Int(stride), rows: shape[0] / columns, columns: columns, channels: shape[1], values: values))
    }
    return outputs
  }
}

private let python = ProcessInfo.processInfo.environment["FACEQ_ONNXRUNTIME_PYTHON"]

extension DetectorForm {
  /// Outputs without a cell.
  fileprivate var silence: [DetectorOutput] {
    [1, 1, 4, 10].flatMap { channels in
      levels.map { DetectorOutput(stride: $0.stride, rows: 0, columns: 1, channels: channels, values: []) }
    }
  }
}
