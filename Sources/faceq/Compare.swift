import ArgumentParser
import Commands

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the cosine between the embeddings of every pair of aligned faces.",
    discussion: """
      Near 1 for two pictures of one person and near 0 for two persons, with trained weights.

          faceq compare int8.gguf a.jpg b.jpg c.jpg
      """)

  @Argument(help: "A float or int8 model.")
  var model: String

  @Argument(help: "Two or more aligned faces: images, or folders of images.")
  var images: [String]

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var runArguments: RunArguments

  func run() throws {
    try CompareCommand(model: model, images: images, json: json, options: runArguments.options).run(Faceq.console)
  }
}
