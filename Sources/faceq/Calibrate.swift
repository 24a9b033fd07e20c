import ArgumentParser
import Calibrate
import Commands
import QuantRuntime
import Report

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

          faceq calibrate float.gguf faces -o int8.gguf
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

  @Option(help: "How each channel's range is chosen: \(RangeChoice.allCases.map(\.rawValue).joined(separator: ", ")).")
  var range: RangeChoice?

  @Option(help: "With --range max: factor on the extremes, at least 1.")
  var margin = 1.2

  @Option(help: "With --range percentile: how many percent of the values must be inside, above 50 and at most 100.")
  var percentile = 99.99

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

  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  enum RangeChoice: String, ExpressibleByArgument, CaseIterable { case max, percentile, error, entropy }

  func validate() throws {
    try listArguments.check(faces)
    guard percentile > 50, percentile <= 100 else {
      throw ValidationError("The percentile must be above 50 and at most 100.")
    }
    if let method, !MethodRegistry.roundings.contains(where: { $0.name == method }) {
      throw ValidationError(
        "There is no method \(method); choose one of \(MethodRegistry.roundings.map(\.name).joined(separator: ", "))."
      )
    }
    guard margin >= 1, margin <= 16 else { throw ValidationError("The margin must be 1 to 16.") }
    if let minCosine, !(0..<1).contains(minCosine) {
      throw ValidationError("--min-cosine must be at least 0 and below 1; 0.9998 for instance.")
    }
    guard recipe == nil || (range == nil && method == nil && !fast) else {
      throw ValidationError(
        "--range, --method and --fast go without --recipe: change the recipe's line \"default\" instead.")
    }
    guard method == nil || !fast else { throw ValidationError("Choose one of --method and --fast.") }
  }

  private var workFile: FilePath { output.appending(".partial") }

  func run() throws {
    let console = Faceq.console
    let options = runArguments.options
    let model = try openModel(model, console)
    try refuseToOverwrite(model.path, with: output)
    try checkWritable(output)
    try reportArguments.check(inputs: [model.path])
    if let writeRecipe { try checkWritable(writeRecipe) }
    let layers = try calibratableNetwork(model).recipeLayers
    var recipe = try calibrationRecipe(layers)
    let loader = try FaceLoader(
      input: model.input, mustBeAligned: aligned, detectionArguments.options, options, console)
    loader.remembersLandmarks = true
    let inputs = listArguments.inputs(faces, isStrict: reportArguments.strict)
    let paths = try inputs.all(console)
    var skipped = SkippedImages(inputs, total: paths.count, console)
    let set = try CalibrationSet(paths: paths, load: loader.pixels) { fault throws(FaceqError) in
      try skipped.skip(fault)
    }
    let calibration = try Calibration(
      model, faces: set, seed: seed, recipe: recipe, kernels: kernels(options.isa),
      threads: options.threadPlan())
    let tool = "faceq \(faceqVersion)"
    var report: PrecisionReport?
    let network: QuantisedNetwork
    let description: ModelDescription
    if let minCosine {
      var progress = ProgressMeter(console, total: calibration.imageRunsToBudget)
      let result = try calibration.run(
        tool: tool, imagesDigest: set.digest, minimumCosine: minCosine, workFile: workFile
      ) { progress.advance() }
      (network, description, recipe, report) = result
    } else {
      var progress = ProgressMeter(console, total: calibration.imageRuns)
      (network, description) = try calibration.run(tool: tool, imagesDigest: set.digest, workFile: workFile) {
        progress.advance()
      }
    }
    try examine(model, Model(.int8(network), description), set) { () throws(FaceqError) in
      try network.write(to: output, description)
    }
    removeWorkFile(workFile)
    if let writeRecipe { try writeText(recipe.table(layers), to: writeRecipe) }
    try InfoCommand(model: output, json: false).run(console)
    if let report { try console.print(report.text) }
    skipped.report(used: set.count)
  }

  /// Runs the guards, has the model written, and writes the report.
  private func examine(
    _ float: Model, _ int8: Model, _ set: CalibrationSet, writeModel: () throws(FaceqError) -> Void
  ) throws(FaceqError) {
    let console = Faceq.console
    let options = runArguments.options
    let held = try heldBackImages(of: set.count, seed: seed).sorted()
    let paths = set.paths
    let examiner = Examiner(
      float: float, int8: int8, faces: paths, options: options, console: console
    ) { path throws(FaceqError) in try set.pixels(path: path) }
    var examination = try examiner.examine(forReport: reportArguments.report != nil)
    let trend = try reportArguments.report == nil ? [] : measureTrend(float, set)
    if let finding = setSizeFinding(images: set.count - held.count, trend: trend) {
      examination.findings.append(finding)
    }
    do {
      try reportArguments.announce(examination.findings, console)
    } catch {
      removeWorkFile(workFile)
      throw error
    }
    try writeModel()
    guard let path = reportArguments.report else { return }
    let written = try Model(path: output)
    let sessions = (try options.session(float), try options.session(written))
    var faces: [QualityReport.Face] = []
    for index in held {
      let pixels = try set.pixels(index)
      faces.append(
        QualityReport.Face(
          path: paths[index], reference: try sessions.0.embed(pixels), embedding: try sessions.1.embed(pixels)))
    }
    var report = QualityReport(
      model: written, modelName: output.description, referenceName: float.path.description,
      referenceDigest: float.digest,
      facesName: "\(held.count) faces that calibration has not seen", faces: faces, tool: "faceq \(faceqVersion)")
    report.trend = trend
    try examiner.complete(&report, with: examination)
    try report.write(to: path)
  }

  private func measureTrend(_ float: Model, _ set: CalibrationSet) throws(FaceqError) -> [TrendPoint] {
    let options = runArguments.options
    let trend = try CalibrationTrend(float, faces: set, seed: seed)
    var progress = ProgressMeter(Faceq.console, total: trend.imageRuns, noun: "trend image")
    return try trend.run(kernels: kernels(options.isa), threads: options.threadPlan()) { progress.advance() }
      .map { TrendPoint(images: $0.images, drift: $0.drift) }
  }

  private func calibrationRecipe(_ layers: [RecipeLayer]) throws -> CalibrationRecipe {
    guard let recipe else { return CalibrationRecipe(range: rangeSearch, rounding: weightRounding) }
    return try CalibrationRecipe(path: recipe, layers: layers)
  }

  private var rangeSearch: any RangeSearch {
    switch range ?? .max {
    case .error: MinimumErrorRange()
    case .entropy: EntropyRange()
    case .percentile: PercentileRange(percentile: percentile)
    case .max: MaximumRange(margin: margin)
    }
  }

  private var weightRounding: any WeightRounding {
    if fast { return MinimumErrorRounding() }
    return MethodRegistry.roundings.first { $0.name == method } ?? ErrorCompensation()
  }
}
