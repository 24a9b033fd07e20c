import Checkpoint
import Commands
import QuantRuntime

/// `import`: a float model of a trained checkpoint, or a face detector of three.
package struct ImportCommand: Sendable {
  package enum Source: Sendable {
    /// - Parameters:
    ///   - tensors: the place of the network in the checkpoint; nil takes the only one.
    ///   - channels: the channel order the network was trained with; nil takes the architecture's own.
    case checkpoint(FilePath, tensors: String?, channels: ImageFormat.ChannelOrder?)
    /// A folder with MTCNN's three checkpoints.
    case detector(folder: FilePath)
  }

  package var source: Source
  package var output: FilePath

  package init(_ source: Source, output: FilePath) {
    self.source = source
    self.output = output
  }

  package func run(_ console: Console) throws(FaceqError) {
    try checkWritable(output)
    switch source {
    case .detector(let folder):
      try importDetector(folder: folder).write(to: output)
      try console.print("\(output): face detector MTCNN, from \(folder)")
    case .checkpoint(let file, _, _) where file.hasSuffix(".onnx"):
      try refuseToOverwrite(file, with: output)
      guard let detector = try importNetworkDetector(path: file) else {
        throw FaceqError("\(file) has not the outputs of a face detector that faceq knows: YuNet, SCRFD or CenterFace")
      }
      try detector.write(to: output)
      try InfoCommand(model: output, json: false).run(console)
    case .checkpoint(let checkpoint, let tensors, let channels):
      try refuseToOverwrite(checkpoint, with: output)
      let imported = try importCheckpoint(path: checkpoint, tensors: tensors, channels: channels)
      let description = ModelDescription(
        architecture: imported.architecture, parameters: imported.parameters,
        source: ModelDescription.Source(name: imported.sourceName, sha256: imported.sourceSHA256), isStandIn: false)
      try imported.graph.write(to: output, description)
      let model = try Model(path: output)
      let report = ModelReport(
        model, channelReason: channels == nil ? reason(for: model.image.channels) : "as --channels says")
      let place = imported.place == "." ? "" : "tensors       those in \(imported.place)\n"
      try console.print(place + report.text)
    }
  }

  private func reason(for order: ImageFormat.ChannelOrder) -> String {
    switch order {
    case .bgr:
      "because InsightFace_Pytorch trained its networks on images with swapped channels; --channels rgb if yours was not"
    case .rgb: "because networks of this kind are trained on RGB images; --channels bgr if yours was not"
    }
  }
}
