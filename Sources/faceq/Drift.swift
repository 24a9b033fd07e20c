import ArgumentParser
import Commands

struct Drift: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how far an int8 model is from the float model that it was made from.",
    discussion: """
      Prints the cosine between both models' embeddings: mean, median, 5th and 1st percentile, minimum and its image; and \
      the signal-to-noise ratio behind every block of the network. Images that cannot be read are named and skipped. \
      Exits with 1 where the 1st percentile is below --min-cosine.

          faceq drift float.gguf int8.gguf faces --min-cosine 0.99
      """)

  @Argument(help: "The float model, or a .npy file with its embeddings of the same faces.")
  var reference: String

  @Argument(help: "The int8 model.")
  var model: String

  @Argument(help: "Faces, aligned or in photos: a folder of images, or a text file with a path on each line.")
  var faces: String

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "The smallest 1st percentile that is good enough, -1 to 1.")
  var minCosine: Float?

  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  func run() throws {
    try DriftCommand(
      reference: reference, model: model, faces: faces, json: json, minimumCosine: minCosine, aligned: aligned,
      detection: detectionArguments.options, options: runArguments.options
    ).run(Faceq.console)
  }
}
