import ArgumentParser
import Calibrate
import Commands
import FaceqSupport
import WorkstationCommands

struct CalibrateModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Quantises a float model to int8 on your own faces, and measures the drift.",
    discussion: """
      A tenth of the faces, at least 8, is held back; the others show which values each channel takes. Then the int8 model
      itself is run on the held-back faces, and the cosine between its embeddings and the float model's is stored in it.
      Images that cannot be used are named and skipped. What makes the faces or the models suspect is a warning, or with \
      --strict an error.

      Weights are rounded so that their errors make up for each other and for those of the layers before, which takes minutes;
      --fast rounds each to the nearest integer. An interrupted calibration goes on where it was when it is started again with
      the same arguments: what is done is kept beside the output, in OUTPUT.partial, until the model is written.

      A detector that is one network is calibrated on photos instead. Its last layers stay at int16 where they are 3 % of \
      its work at most, unless --recipe says otherwise, and the faces that it then finds are compared with the float one's. It has no \
      --min-cosine and no --report: what int8 costs it is measured by faceq drift.

          faceq calibrate float.gguf faces -o int8.gguf
          faceq calibrate yunet.gguf photos -o yunet.int8.gguf
          faceq calibrate float.gguf faces -o int8.gguf --report report.html
      """)

  @Argument(help: "The float model.")
  var model: FilePath

  @Argument(
    help: "Faces, aligned or in photos: folders (searched recursively), images, or text files with a path on each line."
  )
  var faces: [FilePath] = []

  @Option(name: .shortAndLong, help: "The int8 model to write (.gguf).")
  var output: FilePath

  @Option(help: "Chooses the faces that are held back.")
  var seed: UInt64 = 1

  @Option(help: "How each channel's range is chosen: \(MethodRegistry.ranges.map(\.name).joined(separator: ", ")).")
  var range: String?

  @Option(
    name: [.customLong("clip"), .customLong("margin"), .customLong("percentile")],
    help: ArgumentHelp("How far the range clips: \(clips).", valueName: "number"))
  var clip: Double?

  @Option(help: "How weights are rounded: \(MethodRegistry.roundings.map(\.name).joined(separator: ", ")).")
  var method: String?

  @Flag(
    help:
      "Do not make up for the errors of rounding, as --method \(MinimumErrorRounding().name): faster, and more drift."
  )
  var fast = false

  @Option(help: "A table of how each layer is quantised, as --write-recipe writes it.")
  var recipe: FilePath?

  @Option(help: "Where to write the table of how each layer was quantised (text).")
  var writeRecipe: FilePath?

  @Option(
    help: """
      Leave as much of the network at int16 as it needs, and no more, for the mean cosine of the held-back faces, less \
      two standard errors, to be this; 0.9998 for instance.
      """)
  var minCosine: Float?

  @OptionGroup var listArguments: ListArguments
  @OptionGroup var reportArguments: ReportArguments

  @OptionGroup var faceArguments: FaceArguments

  /// `with max, factor on the extremes, 1.0 to 16.0, 1.2 unless given; …`
  private static var clips: String {
    MethodRegistry.ranges.compactMap { range in
      range.clip.map { "with \(range.name), \($0.text), \($0.standard) unless given" }
    }.joined(separator: "; ")
  }

  func validate() throws {
    try listArguments.check(faces)
    if let minCosine, !(0..<1).contains(minCosine) {
      throw ValidationError("--min-cosine must be at least 0 and below 1; 0.9998 for instance.")
    }
    guard recipe == nil || (range == nil && clip == nil && method == nil && !fast) else {
      throw ValidationError(
        "--range, --clip, --method and --fast go without --recipe: change the recipe's line \"default\" instead.")
    }
    guard method == nil || !fast else { throw ValidationError("Choose one of --method and --fast.") }
    do { _ = try layerRecipe } catch let error as FaceqError { throw ValidationError(error.message + ".") }
  }

  func run() throws {
    try CalibrateCommand(
      model: model, faces: listArguments.inputs(faces, isStrict: reportArguments.strict), output: output, seed: seed,
      method: recipe.map { .table($0) } ?? .all(try layerRecipe),
      tableOutput: writeRecipe, minimumCosine: minCosine,
      report: reportArguments.options, options: faceArguments.options
    ).run(Faceq.console)
  }

  /// How all layers are quantised without a recipe.
  private var layerRecipe: LayerRecipe {
    get throws {
      var recipe = LayerRecipe()
      if range != nil || clip != nil {
        recipe.range = try MethodRegistry.range(range ?? recipe.range.name).search(clip: clip)
      }
      if fast { recipe.rounding = MinimumErrorRounding() }
      if let method { recipe.rounding = try MethodRegistry.rounding(method) }
      return recipe
    }
  }
}
