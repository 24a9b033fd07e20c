import ArgumentParser
import Commands
import FaceqSupport

struct SelfTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Checks that this machine computes the very embedding that an int8 model was calibrated with.",
    discussion: """
      Compares bits, for every instruction set that the machine has, on 1 and 2 threads; --isa and --threads choose one \
      instead. Exits with 1 where anything differs.

          faceq selftest int8.gguf
      """)

  @Argument(help: "An int8 model.")
  var model: FilePath

  @OptionGroup var runArguments: RunArguments

  func run() throws { try SelfTestCommand(model: model, options: runArguments.options).run(Faceq.console) }
}
