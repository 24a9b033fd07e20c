import Calibrate
import Commands
import FaceqSupport
import QuantRuntime
import Report

/// `calibrate`: an int8 model of a float one, by faces.
package struct CalibrateCommand: Sendable {
  /// How layers are quantised.
  package enum Method: Sendable {
    /// All layers alike, but for the last ones of detectors.
    case all(LayerRecipe)
    /// Each as a table says.
    case table(FilePath)
  }

  /// The float model.
  package var model: FilePath
  package var faces: ImageInputs
  /// The int8 model to write.
  package var output: FilePath
  /// Chooses the faces that are held back.
  package var seed: UInt64
  package var method: Method
  /// Where to write the table of how each layer was quantised; nil: nowhere.
  package var tableOutput: FilePath?
  /// The mean cosine of the held-back faces, less two standard errors, for which layers become int16; nil: none do.
  package var minimumCosine: Float?
  package var report: ReportOptions
  package var options: FaceOptions

  package init(
    model: FilePath, faces: ImageInputs, output: FilePath, seed: UInt64, method: Method, tableOutput: FilePath?,
    minimumCosine: Float?, report: ReportOptions, options: FaceOptions
  ) {
    (self.model, self.faces, self.output, self.seed, self.method) = (model, faces, output, seed, method)
    (self.tableOutput, self.minimumCosine, self.report) = (tableOutput, minimumCosine, report)
    self.options = options
  }

  /// Where calibration keeps what is done until the model is written.
  private var workFile: FilePath { output.appending(".partial") }

  package func run(_ console: Console) throws(FaceqError) {
    if try DetectorFile.isDetector(model) { return try calibrateDetector(console) }
    let float = try openModel(model, console)
    try refuseToOverwrite(float.path, with: output)
    try checkWritable(output)
    try report.check(inputs: [float.path])
    if let tableOutput { try checkWritable(tableOutput) }
    let layers = try calibratableGraph(float).recipeLayers
    let recipe = try recipe(layers)
    let paths = try faces.all(console)
    var skipped = SkippedImages(faces, total: paths.count, console)
    let reader = try FaceReader(input: float.image, options, console)
    reader.remembersLandmarks = true
    let set = try CalibrationSet(paths: paths, load: reader.pixels) { fault throws(FaceqError) in
      try skipped.skip(fault)
    }

    let result = try calibrate(float, set, recipe, console)
    let int8 = try Model(.int8(result.graph), result.description)
    let examiner = Examiner(float: float, int8: int8, faces: set.paths, options: options.run, console: console) {
      path throws(FaceqError) in try set.pixels(path: path)
    }
    var examination = try examiner.examine(forReport: report.path != nil)
    let trend = try report.path == nil ? [] : measureTrend(float, set, console)
    let held = try heldBackImages(of: set.count, seed: seed).sorted()
    if let finding = setSizeFinding(images: set.count - held.count, trend: trend) {
      examination.findings.append(finding)
    }
    // Nobody goes on from what is refused.
    if report.isStrict, !examination.findings.isEmpty { removeWorkFile(workFile) }
    try report.announce(examination.findings, console)

    try result.graph.write(to: output, result.description)
    removeWorkFile(workFile)
    if let path = report.path {
      var report = try qualityReport(float, set, held: held)
      report.trend = trend
      try examiner.complete(&report, with: examination)
      try report.write(to: path)
    }
    if let tableOutput { try writeText(result.recipe.table(layers), to: tableOutput) }
    try InfoCommand(model: output, json: false).run(console)
    if let precision = result.precision { try console.print(precision.text) }
    skipped.report(used: set.count)
  }

  /// As `run` does, of a detector by photos.
  private func calibrateDetector(_ console: Console) throws(FaceqError) {
    guard case .network(let float) = try DetectorFile(path: model) else {
      throw FaceqError("\(model) is MTCNN, which has no int8 form; calibrate a detector that is one network")
    }
    guard minimumCosine == nil, report.path == nil else {
      throw FaceqError(
        "\(model) is a face detector, which has no embeddings to compare: leave out --min-cosine and --report, and see with "
          + "faceq drift which faces int8 finds")
    }
    guard !options.aligned else {
      throw FaceqError("\(model) is a face detector, which is calibrated on whole photos; leave out --aligned")
    }
    try options.run.check()
    try refuseToOverwrite(model, with: output)
    try checkWritable(output)
    if let tableOutput { try checkWritable(tableOutput) }
    let calibration = DetectorCalibration(
      float: float, photos: faces, seed: seed, options: options.run, console: console)
    let (int8, recipe, photos) = try calibration.run(workFile: workFile) { graph throws(FaceqError) in
      switch method {
      case .all(let layer): try CalibrationRecipe(standard: layer).raisingHeads(of: graph)
      case .table: try self.recipe(graph.recipeLayers)
      }
    }
    if let drift = int8.description.calibration?.drift, drift.mean < 0.99 {
      let warning =
        "the int8 detector's outputs are not those of \(model) any more; see faceq drift, and leave layers at int16 with a "
        + "--recipe"
      if report.isStrict {
        // Nobody goes on from what is refused.
        removeWorkFile(workFile)
        throw FaceqError(warning)
      }
      console.note("warning: \(warning)")
    }
    try int8.write(to: output)
    removeWorkFile(workFile)
    if let tableOutput { try writeText(recipe.table(int8.topology.recipeLayers), to: tableOutput) }
    try InfoCommand(model: output, json: false).run(console)
    try compareDetectors(on: photos, console)
  }

  /// Prints which faces both detectors find on the photos that calibration has seen, and warns where they are not the same.
  private func compareDetectors(on photos: PathList, _ console: Console) throws(FaceqError) {
    let drift = try DetectorDriftCommand(
      reference: model, model: output, embedder: nil, minimumCosine: nil, photos: faces, json: false,
      detection: options.detection,
      options: options.run
    ).drift(over: photos, console) { fault throws(FaceqError) in throw fault }
    try console.print(DetectionDriftReport(drift).text)
    let (lost, invented) = (drift.lost.count, drift.invented.count)
    guard lost + invented > 0 else { return }
    console.note(
      "the int8 detector loses \(lost) of \(lost + drift.pairs.count) faces on these photos and invents \(invented); "
        + "leave layers at int16 with a --recipe, or use \(model) as it is")
  }

  private func recipe(_ layers: [RecipeLayer]) throws(FaceqError) -> CalibrationRecipe {
    switch method {
    case .all(let layer): CalibrationRecipe(standard: layer)
    case .table(let path): try CalibrationRecipe(path: path, layers: layers)
    }
  }

  private struct Result {
    var graph: Graph<QuantisedLayer>
    var description: ModelDescription
    var recipe: CalibrationRecipe
    /// What was weighed where a budget decided.
    var precision: PrecisionReport?
  }

  private func calibrate(
    _ float: Model, _ set: CalibrationSet, _ recipe: CalibrationRecipe, _ console: Console
  ) throws(FaceqError) -> Result {
    let calibration = try Calibration(
      float, faces: set, seed: seed, recipe: recipe, kernels: options.run.kernels(), threads: options.run.threadPlan())
    let tool = "faceq \(faceqVersion)"
    guard let minimumCosine else {
      var progress = ProgressMeter(console, total: calibration.imageRuns)
      let (graph, description) = try calibration.run(tool: tool, imagesDigest: set.digest, workFile: workFile) {
        progress.advance()
      }
      return Result(graph: graph, description: description, recipe: calibration.recipe)
    }
    var progress = ProgressMeter(console, total: calibration.imageRunsToBudget)
    let (graph, description, chosen, precision) = try calibration.run(
      tool: tool, imagesDigest: set.digest, minimumCosine: minimumCosine, workFile: workFile
    ) { progress.advance() }
    return Result(graph: graph, description: description, recipe: chosen, precision: precision)
  }

  private func measureTrend(
    _ float: Model, _ set: CalibrationSet, _ console: Console
  ) throws(FaceqError) -> [TrendPoint] {
    let trend = try CalibrationTrend(float, faces: set, seed: seed)
    var progress = ProgressMeter(console, total: trend.imageRuns, noun: "trend image")
    return try trend.run(kernels: options.run.kernels(), threads: options.run.threadPlan()) { progress.advance() }
      .map { TrendPoint(images: $0.images, drift: $0.drift) }
  }

  /// What the model that was written makes of the held-back faces.
  private func qualityReport(
    _ float: Model, _ set: CalibrationSet, held: [Int]
  ) throws(FaceqError) -> QualityReport {
    let written = try Model(path: output)
    let sessions = (float: try options.run.session(float), int8: try options.run.session(written))
    var faces: [QualityReport.Face] = []
    for index in held {
      let pixels = try set.pixels(index)
      faces.append(
        QualityReport.Face(
          path: set.paths[index], reference: try sessions.float.embed(pixels),
          embedding: try sessions.int8.embed(pixels)))
    }
    return QualityReport(
      model: written, modelName: output.description, referenceName: float.path.description,
      referenceDigest: float.digest, facesName: "\(held.count) faces that calibration has not seen", faces: faces,
      tool: "faceq \(faceqVersion)")
  }
}
