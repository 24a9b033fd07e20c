import ArgumentParser
import Commands
import FaceqSupport

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the cosine between the embeddings of every pair of faces.",
    discussion: """
      Near 1 for two pictures of one person and near 0 for two persons, with trained weights. Of a photo \
      (any picture that is not of the model's size) the largest face is detected and aligned.

          faceq compare a.jpg b.jpg c.jpg --model int8.gguf
      """)

  @Argument(help: "Two or more images: aligned faces, photos, or folders of images.")
  var images: [FilePath]

  @OptionGroup var modelArguments: ModelArguments

  @Option(help: "Say of each pair whether its cosine is at least this, -1 to 1: the same person, or a different one.")
  var threshold: Float?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var faceArguments: FaceArguments

  func run() throws {
    try CompareCommand(
      model: modelArguments.model, images: images, json: json, threshold: threshold, options: faceArguments.options
    ).run(Faceq.console)
  }
}
