import ArgumentParser
import Commands
import FaceqSupport
import WorkstationCommands

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints what a model file says about itself.",
    discussion: """
      Architecture, work, input, source and, of an int8 model, its recipe and drift.

          faceq info int8.gguf
          faceq info int8.gguf --graph
      """)

  @Argument(help: "A float or int8 model.")
  var model: FilePath

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print the network's operations, with what each writes and costs.")
  var graph = false

  func validate() throws {
    guard !json || !graph else { throw ValidationError("Choose one of --json and --graph.") }
  }

  func run() throws {
    if graph {
      try GraphCommand(model: model).run(Faceq.console)
    } else {
      try InfoCommand(model: model, json: json).run(Faceq.console)
    }
  }
}
