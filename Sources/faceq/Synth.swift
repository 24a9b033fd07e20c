import ArgumentParser
import Calibrate
import Commands
import FaceqSupport
import WorkstationCommands

struct Synth: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a float model with stand-in weights, to try and to time things without a checkpoint.",
    discussion: """
      The weights are random, with BatchNorm statistics measured on the given faces, so that activations are realistic.
      The model was never trained: its embeddings identify nobody, and every command that uses it says so.

          faceq synth --arch ir_se50 --faces faces -o standin.gguf
      """)

  @Option(help: "The network: \(StandInArchitecture.all.map(\.name).joined(separator: ", ")).")
  var arch = "ir_se50"

  @Option(
    help: "Faces, aligned or in photos: a folder of images, or a text file with a path on each line. 256 are enough.")
  var faces: FilePath

  @Option(name: .shortAndLong, help: "The model to write (.gguf).")
  var output: FilePath

  @Option(help: "The same seed gives the same weights.")
  var seed: UInt64 = 1

  @OptionGroup var faceArguments: FaceArguments

  func run() throws {
    try SynthCommand(
      architecture: arch, faces: ImageInputs([faces]), output: output, seed: seed,
      options: faceArguments.options
    ).run(Faceq.console)
  }
}
