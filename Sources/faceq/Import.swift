import ArgumentParser
import Checkpoint
import Commands
import QuantRuntime

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a float model of a trained checkpoint.",
    discussion: """
      Reads PyTorch files (.pth, both serialisations; nothing in them is ever run), .npz and .safetensors, and \
      recognises IR, IR-SE, iresnet and MobileFaceNet from the names and shapes of their tensors.

          faceq import model_ir_se50.pth -o float.gguf

      With --detector it makes a face detector of the three checkpoints of facenet-pytorch's MTCNN instead; \
      scripts/fetch-detector does that.
      """)

  @Argument(help: "The checkpoint.")
  var checkpoint: FilePath?

  @Option(help: "A folder with pnet.pt, rnet.pt and onet.pt.")
  var detector: FilePath?

  @Option(name: .shortAndLong, help: "The model file to write.")
  var output: FilePath

  @Option(
    help: """
      Channel order of the images that the network was trained with, bgr or rgb. InsightFace_Pytorch's own (bgr) for its \
      IR and IR-SE, rgb for the others, unless given.
      """)
  var channels: InputFormat.ChannelOrder?

  @Option(
    help: """
      Where in the checkpoint the network is, such as state_dict.model; only needed where several are there, which an \
      error then names.
      """)
  var tensors: String?

  func validate() throws {
    guard (checkpoint == nil) != (detector == nil) else {
      throw ValidationError("Name either a checkpoint or, with --detector, a folder.")
    }
    guard detector == nil || (channels == nil && tensors == nil) else {
      throw ValidationError("--channels and --tensors are not for --detector.")
    }
  }

  func run() throws {
    try checkWritable(output)
    if let detector {
      try importDetector(folder: detector).write(to: output)
      try Faceq.console.print("\(output): face detector MTCNN, from \(detector)")
    } else if let checkpoint {
      try importModel(checkpoint)
    }
  }

  private func importModel(_ checkpoint: FilePath) throws {
    try refuseToOverwrite(checkpoint, with: output)
    let imported = try importCheckpoint(path: checkpoint, tensors: tensors, channels: channels)
    let description = ModelDescription(
      architecture: imported.architecture, parameters: imported.parameters,
      source: ModelDescription.Source(name: imported.sourceName, sha256: imported.sourceSHA256), isStandIn: false)
    try imported.network.write(to: output, description)
    let report = ModelReport(
      try Model(path: output), channelReason: reason(for: imported.network.input.channels))
    let place = imported.place == "." ? "" : "tensors       those in \(imported.place)\n"
    try Faceq.console.print(place + report.text)
  }

  private func reason(for order: InputFormat.ChannelOrder) -> String {
    if channels != nil { return "as --channels says" }
    return switch order {
    case .bgr:
      "because InsightFace_Pytorch trained its networks on images with swapped channels; --channels rgb if yours was not"
    case .rgb: "because networks of this kind are trained on RGB images; --channels bgr if yours was not"
    }
  }
}

extension InputFormat.ChannelOrder: ExpressibleByArgument {}
