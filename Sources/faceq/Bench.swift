import ArgumentParser
import Commands
import FaceqSupport

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how long one embedding, or the search of a picture for faces, takes.",
    discussion: """
      Prints a Markdown table: median, minimum and 90th percentile in milliseconds, billions of multiply-accumulates per \
      second, the process's peak memory, and what the numbers depend on. With --minutes it prints a row for each minute, with \
      the processor's temperature and clock, and at the end whether the machine got slower. Ctrl-C ends that early.

          faceq bench int8.gguf --threads 1
          faceq bench int8.gguf --layers
          faceq bench int8.gguf --compare float.gguf
          faceq bench int8.gguf --minutes 30
          faceq bench yunet.gguf --size 640x360,1280x720

      --layers adds every layer's time in its fastest run, its share, and for convolutions the share of what the \
      arithmetic reaches on registers alone; of a detector, those of its network on the picture.
      """)

  @Argument(help: "A float or int8 model, or a face detector.")
  var model: FilePath

  @Option(help: "A float model to measure in turn with it, for the ratio of their times.")
  var compare: FilePath?

  @Flag(help: "Print the time of every layer, too.")
  var layers = false

  @Option(
    name: .customLong("size"),
    help: ArgumentHelp(
      "Columns and rows of the pictures that a detector searches, 640x360 unless given.",
      valueName: "640x360,…"))
  var sizes: String?

  @Option(help: "Runs to measure. Enough for three seconds and at least 10, unless given.")
  var runs: Int?

  @Option(help: "Measure for so many minutes instead, without a pause.")
  var minutes: Int?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var runArguments: RunArguments

  func run() throws {
    try BenchCommand(
      model: model, reference: compare, layers: layers, sizes: sizes, runs: runs, minutes: minutes, json: json,
      options: runArguments.options
    ).run(Faceq.console)
  }
}
