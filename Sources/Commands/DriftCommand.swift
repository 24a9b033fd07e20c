import FaceImages
import QuantRuntime

/// `drift`: how far a model's embeddings are from those of the float model that it came from.
public struct DriftCommand: Sendable {
  /// The float model, or a .npy file with its embeddings of the same images, one row for each.
  public var reference: FilePath
  public var model: FilePath
  public var faces: ImageInputs
  public var json: Bool
  /// The command fails where the 1st percentile of the cosines is below.
  public var minimumCosine: Float?
  /// Every image must be an aligned face.
  public var aligned: Bool
  public var detection: DetectionOptions
  public var options: RunOptions

  public init(
    reference: FilePath, model: FilePath, faces: ImageInputs, json: Bool, minimumCosine: Float?, aligned: Bool = false,
    detection: DetectionOptions = DetectionOptions(), options: RunOptions
  ) {
    self.reference = reference
    self.model = model
    self.faces = faces
    self.json = json
    self.minimumCosine = minimumCosine
    self.aligned = aligned
    self.detection = detection
    self.options = options
  }

  /// - Throws: also where the drift is larger than allowed, after the report.
  public func run(_ console: Console) throws(FaceqError) {
    try report(try measure(console), console)
  }

  /// Everything that is measured, before any of it is printed.
  ///
  /// - Parameter keepsEmbeddings: memory grows with the faces then.
  public func measure(_ console: Console, keepsEmbeddings: Bool = false) throws(FaceqError) -> DriftMeasurement {
    try options.check()
    if let minimumCosine, !(-1...1).contains(minimumCosine) {
      throw FaceqError("no cosine can be as --min-cosine says; choose a number from -1 to 1, 0.99 for instance")
    }
    let model = try openModel(model, console)
    let session = try options.session(model)
    let paths = try faces.all(console)
    let reference = try openReference(for: model, paths.count, console)

    var measured = DriftMeasurement(title: "\(session.summary)\nagainst \(self.reference)", model: model)
    let loader = try FaceLoader(input: model.input, mustBeAligned: aligned, detection, options, console)
    loader.remembersLandmarks = true
    var sample: [[UInt8]] = []
    var skipped = SkippedImages(faces, total: paths.count, console)
    var progress = ProgressMeter(console, total: paths.count)
    for (index, path) in paths.enumerated() {
      do throws(FaceqError) {
        let pixels = try loader.pixels(path)
        let embeddings = DriftMeasurement.Embeddings(
          reference: try reference.embedding(index, path, pixels), model: try session.embed(pixels))
        measured.paths.append(path)
        measured.cosines.append(cosine(embeddings.reference, embeddings.model))
        if keepsEmbeddings { measured.embeddings.append(embeddings) }
        if sample.count < BlockComparison.imageLimit { sample.append(pixels) }
        skipped.use()
      } catch {
        try skipped.skip(error)
      }
      progress.advance()
    }
    try skipped.check()
    measured.skips = skipped
    measured.pixels = loader.pixels
    if case .model(let session) = reference {
      measured.reference = session.model
      measured.blocks = try BlockComparison(reference: session.model, model: model, options).decibels(of: sample)
      measured.blockImages = sample.count
    }
    return measured
  }

  /// Prints what was measured.
  ///
  /// - Throws: also where the drift is larger than allowed.
  public func report(_ measured: DriftMeasurement, _ console: Console) throws(FaceqError) {
    let report = DriftReport(measured)
    let summary = report.summary
    try console.print(json ? report.json() : report.text())
    measured.skips?.report()
    if let minimumCosine, summary.p1 < minimumCosine {
      throw FaceqError(
        "\(model) has drifted too far: the 1st percentile of its cosines is \(cosineText(summary.p1)), below "
          + "\(cosineText(minimumCosine))")
    }
  }

  /// Where the embeddings to compare with come from.
  private enum Reference {
    case model(EmbeddingSession)
    case rows(ReferenceRows)

    func embedding(_ image: Int, _ path: FilePath, _ pixels: [UInt8]) throws(FaceqError) -> [Float] {
      switch self {
      case .model(let session): try session.embed(pixels)
      case .rows(let rows): try rows.embedding(image, path)
      }
    }
  }

  private func openReference(
    for model: Model, _ images: Int, _ console: Console
  ) throws(FaceqError) -> Reference {
    if reference.hasSuffix(".npy") {
      return .rows(try ReferenceRows(reference, images: images, size: model.embeddingSize))
    }
    let float = try openModel(reference, console)
    guard float.embeddingSize == model.embeddingSize else {
      throw FaceqError(
        "\(model.path) has embeddings of \(model.embeddingSize) components and \(reference) of \(float.embeddingSize); "
          + "compare a model with the float model that it was made from")
    }
    guard float.input.height == model.input.height, float.input.width == model.input.width else {
      throw FaceqError(
        "\(model.path) wants faces of \(model.input.width)×\(model.input.height) and \(reference) of "
          + "\(float.input.width)×\(float.input.height); compare a model with the float model that it was made from")
    }
    return .model(try options.session(float))
  }
}
