import ArgumentParser
import Checkpoint
import FaceqSupport
import QuantRuntime
import WorkstationCommands

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a float model of a trained network: a checkpoint or an ONNX file.",
    discussion: """
      Reads PyTorch files (.pth, both serialisations; nothing in them is ever run), .npz and .safetensors, and \
      recognises IR, IR-SE, iresnet and MobileFaceNet from the names and shapes of their tensors. Of an ONNX file it \
      takes the graph as it stands.

          faceq import model_ir_se50.pth -o float.gguf
          faceq import w600k_mbf.onnx -o float.gguf
          faceq import own.onnx --mean 123.675,116.28,103.53 --std 58.395,57.12,57.375 -o float.gguf

      What pixels a network wants is in no file. faceq prints what it assumes and why; --channels, --mean and --std say \
      it better.

      An ONNX file (.onnx) of a face detector that is one network, YuNet, SCRFD or CenterFace, becomes a detector for \
      --detector of the commands that take photos.

          faceq import face_detection_yunet_2023mar.onnx -o yunet.gguf

      With --detector it makes a face detector of the three checkpoints of facenet-pytorch's MTCNN instead; \
      scripts/fetch-detector --mtcnn does that.
      """)

  @Argument(help: "The checkpoint or the ONNX file.")
  var checkpoint: FilePath?

  @Option(help: "A folder with pnet.pt, rnet.pt and onet.pt.")
  var detector: FilePath?

  @Option(name: .shortAndLong, help: "The model file to write.")
  var output: FilePath

  @Option(help: "Channel order of the images that the network was trained with, bgr or rgb.")
  var channels: ImageFormat.ChannelOrder?

  @Option(help: "What is subtracted from pixels of 0…255, in the order R,G,B; one number stands for all three.")
  var mean: ChannelNumbers?

  @Option(help: "What they are then divided by, in the order R,G,B; one number stands for all three.")
  var std: ChannelNumbers?

  @Option(help: "The picture's size as HEIGHTxWIDTH, where the file leaves it open or is to be read at another one.")
  var size: Size?

  @Option(help: "The licence of the weights, in your words: the model file keeps it, and info prints it.")
  var licence: String?

  @Option(
    help: """
      Where in the checkpoint the network is, such as state_dict.model; only needed where several are there, which an \
      error then names.
      """)
  var tensors: String?

  func validate() throws {
    guard (checkpoint == nil) != (detector == nil) else {
      throw ValidationError("Name either a checkpoint or ONNX file or, with --detector, a folder.")
    }
    let others = [channels != nil, mean != nil, std != nil, size != nil, licence != nil, tensors != nil]
    guard detector == nil || !others.contains(true) else {
      throw ValidationError("With --detector there is nothing else to say than --output.")
    }
    guard std?.values.allSatisfy({ $0 > 0 }) ?? true else {
      throw ValidationError("Pixels are divided by --std, so all of it has to be above 0.")
    }
  }

  func run() throws {
    let source: ImportCommand.Source
    if let detector {
      source = .detector(folder: detector)
    } else if let checkpoint {
      let pixels = PixelFormatChoice(channels: channels, mean: mean?.values, deviation: std?.values)
      source = .network(
        checkpoint, ImportChoice(tensors: tensors, pixels: pixels, size: size, licence: licence))
    } else {
      return
    }
    try ImportCommand(source, output: output).run(Faceq.console)
  }
}
