import FaceDetection
import FaceImages
import FaceqSupport
import QuantRuntime
import SIMDKernels
import TestSupport
import Testing

/// Detectors of one network on this engine, against ONNX Runtime's outputs where ../shared has them.
struct NetworkDetectorTests {
  @Test(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)), arguments: NetworkDetectorFile.all)
  func sameOutputsAsONNXRuntime(detector: NetworkDetectorFile) throws {
    let golden = try GoldenOutputs(shared: #require(sharedData))
    let model = try NetworkDetectorFile.imported(detector.file)
    #expect(model.rule.family == detector.family.rawValue)
    let network = try NetworkDetector(model, kernels: kernels(nil), threads: 2)
    let outputs = try network.outputs(for: try golden.picture(side: detector.side))
    let wanted = try golden.outputs(of: detector.name)
    try #require(outputs.count == wanted.count)
    // Each in its own order: what a family's rule takes decides which is which.
    let wantedForm = try #require(DetectorForm(wanted))
    for (level, wantedLevel) in zip(network.form.levels, wantedForm.levels) {
      for (index, wantedIndex) in zip(level.outputs, wantedLevel.outputs) {
        let (output, wanted) = (outputs[index], wanted[wantedIndex])
        try #require(output.channels == wanted.channels && output.rows == wanted.rows)
        var (largest, difference): (Float, Float) = (0, 0)
        for row in 0..<output.rows {
          for column in 0..<output.columns {
            for channel in 0..<output.channels {
              let value = wanted[row: row, column: column, channel: channel]
              largest = max(largest, abs(value))
              difference = max(difference, abs(output[row: row, column: column, channel: channel] - value))
            }
          }
        }
        #expect(difference <= 1e-4 * largest, "stride \(output.stride), \(output.channels) channels")
      }
    }
  }

  @Test(.enabled(if: canDetect, Comment(rawValue: detectingNeeds))) func comesBackFromItsFile() throws {
    let folder = try TemporaryFolder()
    let model = try trainedNetworkDetector()
    let path = FilePath(folder("detector.gguf"))
    try model.write(to: path)
    guard case .network(let read) = try DetectorFile(path: path), case .float(let graph) = read.network,
      case .float(let written) = model.network
    else {
      Issue.record("another kind of detector came back")
      return
    }
    #expect(read.rule == model.rule && read.description == model.description && graph == written)
    #expect(throws: FaceqError.self) { try Model(path: path) }
  }

  /// The same faces, bit for bit.
  @Test(.enabled(if: canDetect, Comment(rawValue: detectingNeeds)), arguments: availableInstructionSets())
  func threads(instructionSet: InstructionSet) throws {
    let model = try trainedNetworkDetector()
    let photo = try readImage(path: FilePath(#require(testPictures).photos + "/office3.jpg"))
    let table = try kernels(instructionSet.rawValue)
    let faces = try [1, 2, 3].map {
      try NetworkDetector(model, kernels: table, threads: ThreadPlan($0)).faces(in: photo)
    }
    #expect(faces[0].count >= 3 && faces[1] == faces[0] && faces[2] == faces[0])
  }

  @Test(.enabled(if: canDetect, Comment(rawValue: detectingNeeds))) func anotherFamilyIsRefused() throws {
    var model = try trainedNetworkDetector()
    model.rule.family = "scrfd"
    #expect(throws: FaceqError.self) { try NetworkDetector(model, kernels: kernels(nil), threads: 1) }
  }
}
