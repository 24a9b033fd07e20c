import ArgumentParser
import Commands
import QuantRuntime

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints what a model file says about itself.",
    discussion: """
      Architecture, work, input, source and, of an int8 model, its recipe and drift.

          faceq info int8.gguf
      """)

  @Argument(help: "A float or int8 model.")
  var model: FilePath

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws { try InfoCommand(model: model, json: json).run(Faceq.console) }
}
