import ArgumentParser
import Commands
import QuantRuntime

struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Computes the embeddings of faces.",
    discussion: """
      Prints a summary, or JSON, or a CSV row for each image (path, components), or writes a NumPy file with a float32 row \
      for each image, in the order of the arguments. An image that cannot be read fails the whole command, because the \
      rows behind it would shift.

          faceq embed int8.gguf a.jpg b.jpg -o embeddings.npy
      """)

  @Argument(help: "A float or int8 model.")
  var model: FilePath

  @Argument(help: "Faces, aligned or in photos: images, or folders of images.")
  var images: [FilePath]

  @Flag(help: "Embed all faces of every photo, largest first, not only the largest.")
  var allFaces = false

  @Flag(help: "Add the embedding of each mirror image, and normalise the sum.")
  var flip = false

  @Option(name: .shortAndLong, help: "The NumPy file to write (.npy).")
  var output: FilePath?

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print CSV.")
  var csv = false

  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  func validate() throws {
    guard [output != nil, json, csv].count(where: { $0 }) <= 1 else {
      throw ValidationError("Choose one of --output, --json and --csv.")
    }
  }

  func run() throws {
    let form: EmbedCommand.Output =
      if let output { .npy(path: output) } else if json { .json } else if csv { .csv } else { .summary }
    try EmbedCommand(
      model: model, images: images, flip: flip, output: form, aligned: aligned, allFaces: allFaces,
      detection: detectionArguments.options, options: runArguments.options
    ).run(Faceq.console)
  }
}
