import ArgumentParser
import Calibrate
import Commands
import QuantRuntime

struct CalibrateModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Quantises a float model to int8 on your own faces, and measures the drift.",
    discussion: """
      A tenth of the faces, at least 8, is held back; the others show which values each channel takes. Then the int8 model
      itself is run on the held-back faces, and the cosine between its embeddings and the float model's is stored in it.
      Images that cannot be used are named and skipped.

          faceq calibrate float.gguf faces -o int8.gguf
      """)

  @Argument(help: "The float model.")
  var model: String

  @Argument(
    help: "Faces, aligned or in photos: folders (searched recursively), images, or text files with a path on each line."
  )
  var faces: [String]

  @Option(name: .shortAndLong, help: "The int8 model to write (.gguf).")
  var output: String

  @Option(help: "Chooses the faces that are held back.")
  var seed: UInt64 = 1

  @Option(help: "How each channel's range is chosen: \(RangeChoice.allCases.map(\.rawValue).joined(separator: ", ")).")
  var range: RangeChoice?

  @Option(help: "With --range max: factor on the extremes, at least 1.")
  var margin = 1.2

  @Option(help: "With --range percentile: how many percent of the values must be inside, above 50 and at most 100.")
  var percentile = 99.99

  @Option(help: "A table of how each layer is quantised, as --write-recipe writes it.")
  var recipe: String?

  @Option(help: "Where to write the table of how each layer was quantised (text).")
  var writeRecipe: String?

  @Option(
    help: """
      Leave as much of the network at int16 as it needs, and no more, for the mean cosine of the held-back faces, less \
      two standard errors, to be this; 0.9998 for instance.
      """)
  var minCosine: Float?

  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  enum RangeChoice: String, ExpressibleByArgument, CaseIterable { case error, percentile, max }

  func validate() throws {
    guard percentile > 50, percentile <= 100 else {
      throw ValidationError("The percentile must be above 50 and at most 100.")
    }
    guard margin >= 1, margin <= 16 else { throw ValidationError("The margin must be 1 to 16.") }
    if let minCosine, !(0..<1).contains(minCosine) {
      throw ValidationError("--min-cosine must be at least 0 and below 1; 0.9998 for instance.")
    }
    guard range == nil || recipe == nil else {
      throw ValidationError("--range goes without --recipe: change the recipe's line \"default\" instead.")
    }
  }

  func run() throws {
    let console = Faceq.console
    let options = runArguments.options
    let model = try openModel(model, console)
    try refuseToOverwrite(model.path, with: output)
    try checkWritable(output)
    if let writeRecipe { try checkWritable(writeRecipe) }
    let layers = try calibratableNetwork(model).recipeLayers
    var recipe = try calibrationRecipe(layers)
    let loader = try FaceLoader(
      input: model.input, mustBeAligned: aligned, detectionArguments.options, options, console)
    let paths = try expandImagePaths(faces)
    let set = CalibrationSet(paths: paths, load: loader.pixels) { console.note("\($0.message); skipped") }
    let calibration = try Calibration(
      model, faces: set, seed: seed, recipe: recipe, kernels: kernels(options.isa),
      threads: options.threadPlan())
    let tool = "faceq \(faceqVersion)"
    var report: PrecisionReport?
    let network: QuantisedNetwork
    let description: ModelDescription
    if let minCosine {
      var progress = ProgressMeter(console, total: calibration.imageRunsToBudget)
      let result = try calibration.run(tool: tool, imagesDigest: set.digest, minimumCosine: minCosine) {
        progress.advance()
      }
      (network, description, recipe, report) = result
    } else {
      var progress = ProgressMeter(console, total: calibration.imageRuns)
      (network, description) = try calibration.run(tool: tool, imagesDigest: set.digest) { progress.advance() }
    }
    try network.write(to: output, description)
    if let writeRecipe { try writeText(recipe.table(layers), to: writeRecipe) }
    try InfoCommand(model: output, json: false).run(console)
    if let report { try console.print(report.text) }
    if set.count < paths.count { console.note("skipped \(paths.count - set.count) of \(paths.count) images") }
  }

  private func calibrationRecipe(_ layers: [RecipeLayer]) throws -> CalibrationRecipe {
    guard let recipe else { return CalibrationRecipe(range: rangeSearch) }
    return try CalibrationRecipe(path: recipe, layers: layers)
  }

  private var rangeSearch: any RangeSearch {
    switch range ?? .max {
    case .error: MinimumErrorRange()
    case .percentile: PercentileRange(percentile: percentile)
    case .max: MaximumRange(margin: margin)
    }
  }
}
