import FaceImages
import QuantRuntime

/// `drift`: how far a model's embeddings are from those of the float model that it came from.
public struct DriftCommand: Sendable {
  /// The float model, or a .npy file with its embeddings of the same images, one row for each.
  public var reference: FilePath
  public var model: FilePath
  /// A folder, a list or an image.
  public var faces: FilePath
  public var json: Bool
  /// The command fails where the 1st percentile of the cosines is below.
  public var minimumCosine: Float?
  /// Every image must be an aligned face.
  public var aligned: Bool
  public var detection: DetectionOptions
  public var options: RunOptions

  public init(
    reference: FilePath, model: FilePath, faces: FilePath, json: Bool, minimumCosine: Float?, aligned: Bool = false,
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
  public func measure(_ console: Console) throws(FaceqError) -> DriftMeasurement {
    try options.check()
    if let minimumCosine, !(-1...1).contains(minimumCosine) {
      throw FaceqError("no cosine can be as --min-cosine says; choose a number from -1 to 1, 0.99 for instance")
    }
    let model = try openModel(model, console)
    let session = try options.session(model)
    let paths = try expandImagePaths([faces])
    let reference = try openReference(for: model, paths, console)

    var measured = DriftMeasurement(title: "\(session.summary)\nagainst \(self.reference)", model: model)
    let loader = try FaceLoader(input: model.input, mustBeAligned: aligned, detection, options, console)
    var sample: [[UInt8]] = []
    var progress = ProgressMeter(console, total: paths.count)
    for (index, path) in paths.enumerated() {
      do {
        let pixels = try loader.pixels(path)
        measured.faces.append(
          DriftMeasurement.Face(
            path: path, reference: reference.embedding(index, pixels), embedding: session.embed(pixels)))
        if sample.count < BlockComparison.imageLimit { sample.append(pixels) }
      } catch {
        console.note("skipped: \(error.message)")
        measured.skipped += 1
      }
      progress.advance()
    }
    guard !measured.faces.isEmpty else {
      throw FaceqError("none of the \(counted(paths.count, "image")) that \(faces) stands for could be used")
    }
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
    if let minimumCosine, summary.p1 < minimumCosine {
      throw FaceqError(
        "\(model) has drifted too far: the 1st percentile of its cosines is \(cosineText(summary.p1)), below "
          + "\(cosineText(minimumCosine))")
    }
  }

  /// Where the embeddings to compare with come from.
  private enum Reference {
    case model(EmbeddingSession)
    case rows([Float], size: Int)

    func embedding(_ image: Int, _ pixels: [UInt8]) -> [Float] {
      switch self {
      case .model(let session): session.embed(pixels)
      case .rows(let values, let size): Array(values[image * size..<(image + 1) * size])
      }
    }
  }

  private func openReference(
    for model: Model, _ paths: [FilePath], _ console: Console
  ) throws(FaceqError) -> Reference {
    if reference.hasSuffix(".npy") {
      let (shape, values) = try readNPY(path: reference)
      guard shape == [paths.count, model.embeddingSize] else {
        throw FaceqError(
          "\(reference) has the shape [\(shape.map { "\($0)" }.joined(separator: ", "))] where "
            + "[\(paths.count), \(model.embeddingSize)] belongs: one row for each image that \(faces) stands for, as "
            + "faceq embed writes it")
      }
      return .rows(values, size: model.embeddingSize)
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
