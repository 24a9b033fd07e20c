import ArgumentParser
import Commands

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how long one embedding takes.",
    discussion: """
      Prints a Markdown table: median, minimum and 90th percentile in milliseconds, billions of multiply-accumulates per \
      second, the process's peak memory, and what the numbers depend on.

          faceq bench int8.gguf --threads 1
      """)

  @Argument(help: "A float or int8 model.")
  var model: String

  @Option(help: "Embeddings to measure. Enough for three seconds and at least 10, unless given.")
  var runs: Int?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var runArguments: RunArguments

  func run() throws {
    try BenchCommand(model: model, runs: runs, json: json, options: runArguments.options).run(Faceq.console)
  }
}
