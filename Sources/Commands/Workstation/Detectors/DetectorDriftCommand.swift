import Commands
import FaceDetection
import FaceImages
import FaceqSupport
import QuantRuntime

/// `drift` of a detector: which faces it finds that the float detector it came from does not, and the other way round,
/// and how far those that both find are apart.
package struct DetectorDriftCommand: Sendable {
  let reference: FilePath
  let model: FilePath
  /// An embedding model, which shows what the difference of landmarks costs; or nil.
  let embedder: FilePath?
  /// The smallest 1st percentile of the embeddings' cosines with which the command succeeds; nil: any.
  let minimumCosine: Float?
  let photos: ImageInputs
  let json: Bool
  let detection: DetectionOptions
  let options: RunOptions

  package init(
    reference: FilePath, model: FilePath, embedder: FilePath?, minimumCosine: Float?, photos: ImageInputs,
    json: Bool, detection: DetectionOptions, options: RunOptions
  ) {
    (self.reference, self.model, self.embedder) = (reference, model, embedder)
    self.minimumCosine = minimumCosine
    (self.photos, self.json, self.detection, self.options) = (photos, json, detection, options)
  }

  /// - Throws: also where the embeddings have drifted further than allowed, after the report.
  package func run(_ console: Console) throws(FaceqError) {
    if let minimumCosine {
      guard (-1...1).contains(minimumCosine) else {
        throw FaceqError("no cosine can be as --min-cosine says; choose a number from -1 to 1, 0.9 for instance")
      }
      guard embedder != nil else {
        throw FaceqError(
          "\(self.model) is a face detector, which has no embeddings to compare: name a model that embeds its faces with "
            + "--embedder, or leave out --min-cosine")
      }
    }
    try options.check()
    try detection.check()
    let paths = try photos.all(console)
    var skipped = SkippedImages(photos, total: paths.count, console)
    let drift = try drift(over: paths, console) { fault throws(FaceqError) in try skipped.skip(fault) }
    let report = DetectionDriftReport(drift)
    try console.print(json ? report.json : report.text)
    skipped.report(used: drift.photos)
    guard let minimumCosine else { return }
    let cosines = drift.pairs.compactMap { $0.cosine }
    guard !cosines.isEmpty else {
      throw FaceqError("no face was found by both detectors that could be embedded; name photos with larger faces")
    }
    let lowest = DriftSummary(cosines: cosines).p1
    if lowest < minimumCosine {
      throw FaceqError(
        "\(self.model) has drifted too far: the 1st percentile of its faces' cosines is \(cosineText(lowest)), below "
          + "\(cosineText(minimumCosine))")
    }
  }

  /// - Parameter skipped: called with the reason for each photo that cannot be used; what it throws ends the comparison.
  func drift(
    over paths: PathList, _ console: Console, skipped: (FaceqError) throws(FaceqError) -> Void
  ) throws(FaceqError) -> DetectionDrift {
    let (reference, model) = (try detector(self.reference), try detector(self.model))
    let session = try embedder.map { path throws(FaceqError) in try options.session(try openModel(path, console)) }
    let score = detection.score ?? reference.rule.score
    var settings = detection.settings
    settings.score = score
    var drift = DetectionDrift(score: score)
    var progress = ProgressMeter(console, total: paths.count)
    for path in paths {
      do throws(FaceqError) {
        let photo = try Photo(path: path)
        let size = reference.searchedSize(width: photo.width, height: photo.height, settings: settings)
        let searched = try photo.whole(atLeast: size)
        let reduced = settings.reduced(by: searched.reduction)
        func faces(_ detector: NetworkDetector) throws(FaceqError) -> [DetectedFace] {
          try detector.faces(in: searched.image, settings: reduced).map { searched.original($0) }
        }
        try drift.add(reference: try faces(reference), faces: try faces(model)) { one, other throws(FaceqError) in
          try session.flatMap { session throws(FaceqError) in try cosine(one, other, of: photo, searched, session) }
        }
      } catch {
        try skipped(error)
      }
      progress.advance()
    }
    return drift
  }

  private func detector(_ path: FilePath) throws(FaceqError) -> NetworkDetector {
    guard case .network(let model) = try DetectorFile(path: path) else {
      throw FaceqError("\(path) is MTCNN, which has no int8 form; name detectors that are one network")
    }
    return try NetworkDetector(model, kernels: options.kernels(), threads: options.threadPlan())
  }

  /// Nil where the face cannot be embedded.
  private func cosine(
    _ one: DetectedFace, _ other: DetectedFace, of photo: Photo, _ searched: PhotoPart, _ session: EmbeddingSession
  ) throws(FaceqError) -> Float? {
    let faces = [one, other]
    guard faces.allSatisfy({ FaceFault(landmarks: $0.landmarks, width: photo.width, height: photo.height) == nil })
    else { return nil }
    let size = session.model.image.height
    let surroundings = try photo.surroundings(of: faces.map { $0.landmarks }, searched: searched)
    var embeddings: [[Float]] = []
    for face in faces {
      embeddings.append(try session.embed(try surroundings.aligned(face.landmarks, size: size).pixels))
    }
    return QuantRuntime.cosine(embeddings[0], embeddings[1])
  }
}
