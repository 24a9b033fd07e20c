import ArgumentParser
import QuantRuntime
import WorkstationCommands

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a float model of a trained checkpoint.",
    discussion: """
      Reads PyTorch files (.pth, both serialisations; nothing in them is ever run), .npz and .safetensors, and \
      recognises IR, IR-SE, iresnet and MobileFaceNet from the names and shapes of their tensors.

          faceq import model_ir_se50.pth -o float.gguf

      An ONNX file (.onnx) of a face detector that is one network, YuNet, SCRFD or CenterFace, becomes a detector for \
      --detector of the commands that take photos.

          faceq import face_detection_yunet_2023mar.onnx -o yunet.gguf

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
  var channels: ImageFormat.ChannelOrder?

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
    let source: ImportCommand.Source
    if let detector {
      source = .detector(folder: detector)
    } else if let checkpoint {
      source = .checkpoint(checkpoint, tensors: tensors, channels: channels)
    } else {
      return
    }
    try ImportCommand(source, output: output).run(Faceq.console)
  }
}

extension ImageFormat.ChannelOrder: ExpressibleByArgument {}
