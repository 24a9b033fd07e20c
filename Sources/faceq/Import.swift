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
      """)

  @Argument(help: "The checkpoint.")
  var checkpoint: String

  @Option(name: .shortAndLong, help: "The model file to write.")
  var output: String

  @Option(
    help: """
      Channel order of the images that the network was trained with, bgr or rgb. InsightFace_Pytorch's own (bgr) for its \
      IR and IR-SE, rgb for the others, unless given.
      """)
  var channels: InputFormat.ChannelOrder?

  func run() throws {
    try checkOutput(output, isNot: checkpoint)
    let imported = try importCheckpoint(path: checkpoint, channels: channels)
    let description = ModelDescription(
      architecture: imported.architecture, parameters: imported.parameters,
      source: ModelDescription.Source(name: imported.sourceName, sha256: imported.sourceSHA256), isStandIn: false)
    try imported.network.write(to: output, description)
    let report = ModelReport(
      try Model(path: output), channelReason: reason(for: imported.network.input.channels))
    try Faceq.console.print(report.text)
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
