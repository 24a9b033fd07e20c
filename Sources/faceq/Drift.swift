import ArgumentParser
import Commands
import FaceqSupport
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

      Of two detectors it counts the faces that both find, those that are lost and those that are invented, and measures \
      how far boxes, landmarks and scores of the others are apart; with --embedder also the embeddings, whose cosines \
      --min-cosine is then about. They have no --report.

          faceq drift float.gguf int8.gguf faces --min-cosine 0.99
          faceq drift yunet.gguf yunet.int8.gguf photos --embedder int8.gguf
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

  @Option(help: "Of detectors: an embedding model that shows what the difference of landmarks costs.")
  var embedder: FilePath?

  @Option(help: "The smallest 1st percentile that is good enough, -1 to 1.")
  var minCosine: Float?

  @OptionGroup var listArguments: ListArguments
  @OptionGroup var reportArguments: ReportArguments

  @OptionGroup var faceArguments: FaceArguments

  func validate() throws { try listArguments.check(faces) }

  func run() throws {
    let inputs = listArguments.inputs(faces, isStrict: reportArguments.strict)
    if try DetectorFile.isDetector(model) {
      guard reportArguments.report == nil else {
        throw FaceqError("\(model) is a face detector, of which there is no page to read; leave out --report")
      }
      return try DetectorDriftCommand(
        reference: reference, model: model, embedder: embedder, minimumCosine: minCosine, photos: inputs, json: json,
        detection: faceArguments.options.detection, options: faceArguments.options.run
      ).run(Faceq.console)
    }
    guard embedder == nil else {
      throw FaceqError("\(model) is no face detector; leave out --embedder")
    }
    let drift = DriftCommand(
      reference: reference, model: model, faces: inputs, json: json, minimumCosine: minCosine,
      options: faceArguments.options)
    try ExaminedDriftCommand(drift, report: reportArguments.options).run(Faceq.console)
  }
}
