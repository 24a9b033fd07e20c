internal import FaceImages
internal import FaceqSupport
internal import QuantRuntime

/// From photos to embeddings: a detector and an embedder, one after the other.
///
///     let analysis = try FaceAnalysis(model: "int8.gguf", detector: "detector.gguf")
///     for face in try analysis.faces(in: FacePicture(path: "group.jpg")) {
///       print(face.box, face.quality, face.embedding?.count ?? 0)
///     }
///
/// An analysis belongs to one thread at a time: it is not `Sendable`, so the compiler sees to that. It has worker threads
/// of its own.
public final class FaceAnalysis {
  package private(set) var embedder: FaceEmbedder?
  package private(set) var detector: FaceDetector?
  /// What each thread has for itself, once several pictures were embedded at once.
  private var workers: [FaceAnalysis] = []
  private var loop: ParallelLoop?

  /// - Parameters:
  ///   - model: an embedding model's file.
  ///   - detector: a detector's file.
  ///   - threads: how many share the work, 1…256, the calling one included; nil is one for each core, or each big core.
  ///   - instructionSet: one of ``FaceEmbedder/availableInstructionSets``; nil is the fastest.
  /// - Throws: `unusableFile`, `invalidArgument`, `unsupported` or `outOfMemory`.
  public convenience init(
    model: String, detector: String, threads: Int? = nil, instructionSet: String? = nil
  ) throws(FaceError) {
    try self.init(
      model: FaceModel(path: model), detector: FaceModel(path: detector), threads: threads,
      instructionSet: instructionSet)
  }

  /// As the other initialiser, of models that are open.
  public convenience init(
    model: FaceModel, detector: FaceModel, threads: Int? = nil, instructionSet: String? = nil
  ) throws(FaceError) {
    let computing = try Computing(threads: threads, instructionSet: instructionSet)
    self.init(embedder: try FaceEmbedder(model, computing), detector: try FaceDetector(detector, computing))
  }

  /// An analysis that can do what it has the parts for.
  package init(embedder: FaceEmbedder? = nil, detector: FaceDetector? = nil) {
    self.embedder = embedder
    self.detector = detector
  }

  /// Takes a model, an embedding model or a detector, in the place of the one before.
  package func open(_ model: FaceModel, _ computing: Computing) throws(FaceError) {
    if model.isDetector {
      detector = try FaceDetector(model, computing)
    } else {
      embedder = try FaceEmbedder(model, computing)
    }
    workers = []
  }

  /// The faces in a picture, largest first, with embeddings but for those that have a fault. None is no error.
  ///
  /// - Throws: `invalidArgument` where a setting is out of its range; `unusablePicture` where the picture does not fit a
  ///   network; `outOfMemory`.
  public func faces(
    in picture: FacePicture, settings: FaceSettings = FaceSettings()
  ) throws(FaceError) -> [Face] {
    let embedder = try neededEmbedder()
    if let face = try alignedFace(picture, settings, embedder) { return [face] }
    let detector = try neededDetector()
    var faces: [Face] = []
    let (found, searched) = try detector.found(in: picture.photo, settings, searchesAgain: true)
    let surroundings = try picture.surroundings(of: found, searched: searched)
    for found in found {
      var face = Face(found, of: picture.photo, in: surroundings, settings)
      if face.fault == nil {
        do throws(FaceError) {
          face.embedding = try embed(found, from: surroundings, settings, embedder)
        } catch {
          guard error.kind == .unusableFile else { throw error }
          face.fault = .noEmbedding
        }
      }
      faces.append(face)
    }
    return faces
  }

  /// The embedding of an aligned face, or of the largest face in a photo: of unit length.
  ///
  /// - Throws: `noFace` where a photo shows none, or none that could be used; `unusablePicture` where the picture does not
  ///   fit a network; `invalidArgument` where a setting is out of its range; `outOfMemory`.
  public func embedding(
    of picture: FacePicture, settings: FaceSettings = FaceSettings()
  ) throws(FaceError) -> [Float] {
    let embedder = try neededEmbedder()
    try settings.check()
    if isAligned(picture, settings, embedder) { return try embedder.embed(picture, flip: settings.flips) }
    let photo = picture.photo
    let (faces, searched) = try neededDetector().found(in: photo, settings, searchesAgain: true)
    guard let face = faces.first else {
      throw FaceError(
        .noFace, "\(photo.path) shows no face that could be found; take another, or look for smaller faces")
    }
    let surroundings = try picture.surroundings(of: [face], searched: searched)
    if let objection = settings.objection(to: face, of: photo, in: surroundings) {
      let name = faces.count > 1 ? "the largest of the \(faces.count) faces in" : "the face in"
      throw FaceError(.noFace, "\(name) \(photo.path) cannot be used: \(objection.explanation)")
    }
    return try embed(face, from: surroundings, settings, embedder)
  }

  /// The embeddings of many pictures, as `embedding(of:settings:)` gives them. The threads share the pictures.
  ///
  /// - Returns: for each picture its embedding, or why it has none.
  /// - Throws: where that has nothing to do with one picture: `unsupported` where the system refuses a thread.
  public func embeddings(
    of pictures: [FacePicture], settings: FaceSettings = FaceSettings()
  ) throws(FaceError) -> [Result<[Float], FaceError>] {
    try embeddings(count: pictures.count, settings) { pictures[$0] }
  }

  /// As the other function, of the photos in files, which the threads read.
  public func embeddings(
    ofPhotosAt paths: [String], settings: FaceSettings = FaceSettings()
  ) throws(FaceError) -> [Result<[Float], FaceError>] {
    try embeddings(count: paths.count, settings) { (index) throws(FaceError) in try FacePicture(path: paths[index]) }
  }

  /// The self-tests of the parts that bring one.
  ///
  /// - Throws: `wrongResult` where any bit differs; `notOpen` where no part brings a self-test.
  public func selfTest() throws(FaceError) {
    var missing: FaceError?
    var tested = false
    func run(_ test: () throws(FaceError) -> Void) throws(FaceError) {
      do throws(FaceError) {
        try test()
        tested = true
      } catch {
        guard error.kind == .notOpen else { throw error }
        missing = missing ?? error
      }
    }
    if let embedder { try run { () throws(FaceError) in try embedder.selfTest() } }
    if let detector { try run { () throws(FaceError) in try detector.selfTest() } }
    if !tested { throw missing ?? FaceError(.notOpen, "there is no model to be tested; open one first") }
  }

  /// - Parameter picture: gives the picture with an index, on any thread.
  package func embeddings(
    count: Int, _ settings: FaceSettings, picture: (Int) throws(FaceError) -> FacePicture
  ) throws(FaceError) -> [Result<[Float], FaceError>] {
    let embedder = try neededEmbedder()
    try settings.check()
    func result(_ index: Int, by analysis: FaceAnalysis) -> Result<[Float], FaceError> {
      do throws(FaceError) {
        return .success(try analysis.embedding(of: picture(index), settings: settings))
      } catch {
        return .failure(error)
      }
    }
    guard count > 1, embedder.threads > 1 else { return (0..<count).map { result($0, by: self) } }
    let loop = try prepareWorkers(embedder)
    let results = UnsafeMutableBufferPointer<Result<[Float], FaceError>>.allocate(capacity: count)
    results.initialize(repeating: .success([]))
    defer {
      results.deinitialize()
      results.deallocate()
    }
    loop.runOnWorkers(parts: count) { index, worker in results[index] = result(index, by: workers[worker]) }
    return Array(results)
  }

  private func prepareWorkers(_ embedder: FaceEmbedder) throws(FaceError) -> ParallelLoop {
    if let loop, !workers.isEmpty { return loop }
    let plan = embedder.computing.threads
    let loop = try failing(as: .unsupported) { () throws(FaceqError) in try ParallelLoop(plan) }
    let alone = embedder.computing.onOneThread
    var workers: [FaceAnalysis] = []
    for _ in 0..<plan.count {
      var own: FaceDetector?
      if let detector { own = try FaceDetector(detector.model, alone) }
      workers.append(FaceAnalysis(embedder: try FaceEmbedder(embedder.model, alone), detector: own))
    }
    self.workers = workers
    self.loop = loop
    return loop
  }

  private func neededEmbedder() throws(FaceError) -> FaceEmbedder {
    guard let embedder else { throw FaceError(.notOpen, "there is no embedding model; open one first") }
    return embedder
  }

  private func neededDetector() throws(FaceError) -> FaceDetector {
    guard let detector else {
      throw FaceError(.notOpen, "there is no face detector; open one first, or give aligned faces of the model's size")
    }
    return detector
  }

  private func isAligned(_ picture: FacePicture, _ settings: FaceSettings, _ embedder: FaceEmbedder) -> Bool {
    switch settings.reading {
    case .bySize: embedder.accepts(picture)
    case .aligned: true
    case .photo: false
    }
  }

  /// An aligned picture as the face that it is; nil of a photo.
  private func alignedFace(
    _ picture: FacePicture, _ settings: FaceSettings, _ embedder: FaceEmbedder
  ) throws(FaceError) -> Face? {
    guard isAligned(picture, settings, embedder) else { return nil }
    try settings.check()
    let landmarks = FaceTemplate.arcFace112.map { point in
      Point(x: point.x * Float(picture.width) / 112, y: point.y * Float(picture.height) / 112)
    }
    let box = FaceBox(left: 0, top: 0, right: Float(picture.width - 1), bottom: Float(picture.height - 1))
    let whole = try picture.whole()
    let detected = DetectedFace(box: box, score: 1, landmarks: landmarks)
    var face = Face(detected, of: picture.photo, in: whole, settings)
    face.fault = nil
    face.embedding = try embedder.embed(picture, flip: settings.flips)
    return face
  }

  private func embed(
    _ face: DetectedFace, from surroundings: PhotoPart, _ settings: FaceSettings, _ embedder: FaceEmbedder
  ) throws(FaceError) -> [Float] {
    guard embedder.model.faceWidth == embedder.model.faceHeight else {
      throw FaceError(
        .unusablePicture,
        "faces are aligned to squares only, but the model wants \(embedder.model.faceWidth)×\(embedder.model.faceHeight); "
          + "align the face for this model yourself")
    }
    let aligned = try failing(as: .noFace) { () throws(FaceqError) in
      try surroundings.aligned(face.landmarks, size: embedder.model.faceWidth)
    }
    return try embedder.embed(aligned, flip: settings.flips)
  }
}
