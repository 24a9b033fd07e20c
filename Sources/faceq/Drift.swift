import ArgumentParser
import Commands
import QuantRuntime
import WorkstationCommands

struct Drift: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how far an int8 model is from the float model that it was made from.",
    discussion: """
      Prints the cosine between both models' embeddings: mean, median, 5th and 1st percentile, minimum and its image; and \
      the signal-to-noise ratio after every addition of the network. Images that cannot be read are named and skipped. \
      Exits with 1 where the 1st percentile is below --min-cosine. What makes the faces or the models suspect is a warning, \
      or with --strict an error.

          faceq drift float.gguf int8.gguf faces --min-cosine 0.99
          faceq drift float.gguf int8.gguf faces --report report.html
      """)

  @Argument(help: "The float model, or a .npy file with its embeddings of the same faces.")
  var reference: FilePath

  @Argument(help: "The int8 model.")
  var model: FilePath

  @Argument(help: "Faces, aligned or in photos: folders of images, images, or text files with a path on each line.")
  var faces: [FilePath] = []

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "The smallest 1st percentile that is good enough, -1 to 1.")
  var minCosine: Float?

  @OptionGroup var listArguments: ListArguments
  @OptionGroup var reportArguments: ReportArguments

  @OptionGroup var faceArguments: FaceArguments

  func validate() throws { try listArguments.check(faces) }

  func run() throws {
    let drift = DriftCommand(
      reference: reference, model: model,
      faces: listArguments.inputs(faces, isStrict: reportArguments.strict), json: json, minimumCosine: minCosine,
      options: faceArguments.options)
    try ExaminedDriftCommand(drift, report: reportArguments.options).run(Faceq.console)
  }
}
