import ArgumentParser
import Commands
import FaceqSupport

struct Pack: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Brings an int8 model's weights into the order that one instruction set reads fastest.",
    discussion: """
      Every machine reads the models that calibrate makes. One for i8mm saves that instruction set a shuffle for each \
      load, and no other one reads it. The embeddings are the same, to the bit, and so is the digest.

          faceq pack int8.gguf --isa i8mm -o int8.i8mm.gguf
      """)

  @Argument(help: "An int8 model.")
  var model: FilePath

  @Option(help: "Instruction set of the machine that the packed model is for.")
  var isa: String

  @Option(name: .shortAndLong, help: "The packed model.")
  var output: FilePath

  func run() throws {
    try PackCommand(model: model, isa: isa, output: output).run(Faceq.console)
  }
}
