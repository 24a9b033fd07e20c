import ArgumentParser
import Commands
import FaceqSupport
import WorkstationCommands

struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Computes the embeddings of faces.",
    discussion: """
      Prints a summary, or JSON, or a CSV row for each image (path, components), or writes a NumPy file with a float32 row \
      for each image, in the order of the arguments, and beside it a table of which row is whose. An image that cannot be \
      used has no row: it is named, and the table says why.

          faceq embed int8.gguf photos -o rows.npy        # and rows.csv: row, path, face, status, reason
          find photos -name '*.jpg' -print0 | faceq embed int8.gguf -0 --list - --csv

      For a long list --shards writes such pairs of files into a folder, numbered, each for so many images. A shard is \
      complete or absent: the same command goes on after an interruption, and any number of them, on one machine or \
      several, share the work.

          faceq embed int8.gguf --list list.txt --shards rows
      """)

  @Argument(help: "A float or int8 model.")
  var model: FilePath

  @Argument(help: "Faces, aligned or in photos: images, folders of images, or text files with a path on each line.")
  var images: [FilePath] = []

  @Flag(help: "Embed all faces of every photo, largest first, not only the largest.")
  var allFaces = false

  @Flag(help: "Add the embedding of each mirror image, and normalise the sum.")
  var flip = false

  @Option(name: .shortAndLong, help: "The NumPy file to write (.npy); the table beside it ends in .csv.")
  var output: FilePath?

  @Option(help: "A folder for numbered pairs of such files; made where there is none.")
  var shards: FilePath?

  @Option(help: "How many images a shard has.")
  var imagesPerShard: Int = 1000

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print CSV.")
  var csv = false

  @OptionGroup var listArguments: ListArguments
  @OptionGroup var strictArguments: StrictArguments
  @OptionGroup var faceArguments: FaceArguments

  func validate() throws {
    try listArguments.check(images)
    guard [output != nil, shards != nil, json, csv].count(where: { $0 }) <= 1 else {
      throw ValidationError("Choose one of --output, --shards, --json and --csv.")
    }
    guard shards == nil || !strictArguments.strict else {
      throw ValidationError("--strict is not for --shards, whose tables say which images were skipped.")
    }
  }

  func run() throws {
    let inputs = listArguments.inputs(images, isStrict: strictArguments.strict)
    if let shards {
      return try ShardsCommand(
        model: model, images: inputs, flip: flip, allFaces: allFaces, folder: shards, imagesPerShard: imagesPerShard,
        options: faceArguments.options
      ).run(Faceq.console)
    }
    let form: EmbedCommand.Output =
      if let output { .npy(path: output) } else if json { .json } else if csv { .csv } else { .summary }
    try EmbedCommand(
      model: model, images: inputs, flip: flip, output: form, allFaces: allFaces, options: faceArguments.options
    ).run(Faceq.console)
  }
}
