import ArgumentParser
import Commands
import FaceqSupport

struct Tune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures which convolutions of an int8 model are faster as Winograd on this machine.",
    discussion: """
      The result is kept in a small text file beside the model, MODEL.tuning, which every later run of that model with the \
      same instruction set goes by. It changes no embedding. Delete the file to be rid of it.

          faceq tune int8.gguf --threads 4
      """)

  @Argument(help: "An int8 model.")
  var model: FilePath

  @OptionGroup var runArguments: RunArguments

  func run() throws {
    try TuneCommand(model: model, options: runArguments.options).run(Faceq.console)
  }
}
