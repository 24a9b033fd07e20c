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
  var range = RangeChoice.max

  @Option(help: "With --range max: factor on the extremes, at least 1.")
  var margin = 1.2

  @Option(help: "With --range percentile: how many percent of the values must be inside, above 50 and at most 100.")
  var percentile = 99.99

  @Option(help: "How weights are rounded: \(MethodRegistry.roundings.map(\.name).joined(separator: ", ")).")
  var rounding = ErrorCompensation().name

  @Flag(
    help:
      "Do not make up for the errors of rounding, as --rounding \(MinimumErrorRounding().name): faster, and more drift."
  )
  var fast = false

  @OptionGroup var reportArguments: ReportArguments

  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  enum RangeChoice: String, ExpressibleByArgument, CaseIterable { case max, percentile, error, entropy }

  func validate() throws {
    guard percentile > 50, percentile <= 100 else {
      throw ValidationError("The percentile must be above 50 and at most 100.")
    }
    guard MethodRegistry.roundings.contains(where: { $0.name == rounding }) else {
      throw ValidationError(
        "There is no rounding \(rounding); choose one of \(MethodRegistry.roundings.map(\.name).joined(separator: ", "))."
      )
    }
    guard margin >= 1, margin <= 16 else { throw ValidationError("The margin must be 1 to 16.") }
  }

  func run() throws {
    let console = Faceq.console
    let options = runArguments.options
    let model = try openModel(model, console)
    try refuseToOverwrite(model.path, with: output)
    try checkWritable(output)
    try reportArguments.check(inputs: [model.path])
    let loader = try FaceLoader(
      input: model.input, mustBeAligned: aligned, detectionArguments.options, options, console)
    let paths = try expandImagePaths(faces)
    let set = CalibrationSet(paths: paths, load: loader.pixels) { console.note("\($0.message); skipped") }
    let recipe = CalibrationRecipe(range: rangeSearch, rounding: weightRounding)
    let calibration = try Calibration(
      model, faces: set, seed: seed, recipe: recipe, kernels: kernels(options.isa), threads: options.threadPlan())
    let workFile = output + ".partial"
    var progress = ProgressMeter(console, total: calibration.imageRuns)
    let (network, description) = try calibration.run(
      tool: "faceq \(faceqVersion)", imagesDigest: set.digest, workFile: workFile
    ) { progress.advance() }
    try examine(model, Model(.int8(network), description), set) { () throws(FaceqError) in
      try network.write(to: output, description)
    }
    removeWorkFile(workFile)
    try InfoCommand(model: output, json: false).run(console)
    if set.count < paths.count { console.note("skipped \(paths.count - set.count) of \(paths.count) images") }
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
    try reportArguments.announce(examination.findings, console)
    try writeModel()
    guard let path = reportArguments.report else { return }
    let written = try Model(path: output)
    let sessions = (try options.session(float), try options.session(written))
    var faces: [QualityReport.Face] = []
    for index in held {
      let pixels = try set.pixels(index)
      faces.append(
        QualityReport.Face(
          path: paths[index], reference: sessions.0.embed(pixels), embedding: sessions.1.embed(pixels)))
    }
    var report = QualityReport(
      model: written, modelName: output, referenceName: float.path, referenceDigest: float.digest,
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

  private var rangeSearch: any RangeSearch {
    switch range {
    case .error: MinimumErrorRange()
    case .entropy: EntropyRange()
    case .percentile: PercentileRange(percentile: percentile)
    case .max: MaximumRange(margin: margin)
    }
  }

  private var weightRounding: any WeightRounding {
    if fast { return MinimumErrorRounding() }
    return MethodRegistry.roundings.first { $0.name == rounding } ?? ErrorCompensation()
  }
}
