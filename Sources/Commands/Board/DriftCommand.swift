import FaceImages
import FaceqSupport
import QuantRuntime

/// `drift`: how far a model's embeddings are from those of the float model that it came from.
package struct DriftCommand: Sendable {
  /// The float model, or a .npy file with its embeddings of the same images, one row for each.
  package var reference: FilePath
  package var model: FilePath
  package var faces: ImageInputs
  package var json: Bool
  /// The smallest 1st percentile of the cosines with which the command succeeds; or nil.
  package var minimumCosine: Float?
  package var options: FaceOptions

  package init(
    reference: FilePath, model: FilePath, faces: ImageInputs, json: Bool, minimumCosine: Float?, options: FaceOptions
  ) {
    self.reference = reference
    self.model = model
    self.faces = faces
    self.json = json
    self.minimumCosine = minimumCosine
    self.options = options
  }

  /// - Throws: also where the drift is larger than allowed, after the report.
  package func run(_ console: Console) throws(FaceqError) {
    try report(try measure(console), console)
  }

  /// Everything that is measured, before any of it is printed.
  ///
  /// - Parameter keepsEmbeddings: memory grows with the faces then.
  package func measure(_ console: Console, keepsEmbeddings: Bool = false) throws(FaceqError) -> DriftMeasurement {
    try options.run.check()
    if let minimumCosine, !(-1...1).contains(minimumCosine) {
      throw FaceqError("no cosine can be as --min-cosine says; choose a number from -1 to 1, 0.99 for instance")
    }
    let model = try openModel(model, console)
    let session = try options.run.session(model)
    let paths = try faces.all(console)
    let reference = try openReference(for: model, paths.count, console)

    var measured = DriftMeasurement(title: "\(try options.run.summary(model))\nagainst \(self.reference)", model: model)
    let reader = try FaceReader(model, options, console)
    reader.remembersLandmarks = true
    var sample: [[UInt8]] = []
    var skipped = SkippedImages(faces, total: paths.count, console)
    var progress = ProgressMeter(console, total: paths.count)
    for (index, path) in paths.enumerated() {
      do throws(FaceqError) {
        let pixels = try reader.pixels(path)
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
    measured.pixels = reader.pixels
    if case .model(let session) = reference {
      measured.reference = session.model
      let comparison = try BlockComparison(reference: session.model, model: model, options.run)
      measured.blocks = zip(comparison.names, try comparison.decibels(of: sample)).map { (name: $0, decibels: $1) }
      measured.blockImages = sample.count
    }
    return measured
  }

  /// Prints what was measured.
  ///
  /// - Throws: also where the drift is larger than allowed.
  package func report(_ measured: DriftMeasurement, _ console: Console) throws(FaceqError) {
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
    guard float.image.height == model.image.height, float.image.width == model.image.width else {
      throw FaceqError(
        "\(model.path) wants faces of \(model.image.width)×\(model.image.height) and \(reference) of "
          + "\(float.image.width)×\(float.image.height); compare a model with the float model that it was made from")
    }
    return .model(try options.run.session(float))
  }
}
