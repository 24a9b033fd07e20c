internal import FaceDetection
internal import FaceImages
internal import FaceqSupport
internal import QuantRuntime

/// Finds faces in pictures.
///
///     let detector = try FaceDetector(path: "detector.gguf")
///     for face in try detector.faces(in: FacePicture(path: "group.jpg")) { print(face.box, face.score) }
///
/// A detector belongs to one thread at a time: it is not `Sendable`, so the compiler sees to that. It has worker threads
/// of its own.
public final class FaceDetector {
  public let model: FaceModel
  let computing: Computing
  private let detector: FaceDetection.FaceDetector

  /// - Parameters:
  ///   - path: a detector file.
  ///   - threads: how many share the work, 1…256, the calling one included; nil is one for each core, or each big core.
  ///   - instructionSet: one of ``FaceEmbedder/availableInstructionSets``; nil is the fastest.
  /// - Throws: `unusableFile`, `invalidArgument`, `unsupported` or `outOfMemory`.
  public convenience init(path: String, threads: Int? = nil, instructionSet: String? = nil) throws(FaceError) {
    try self.init(model: FaceModel(path: path), threads: threads, instructionSet: instructionSet)
  }

  /// As the other initialiser, of a detector that is open.
  public convenience init(
    model: FaceModel, threads: Int? = nil, instructionSet: String? = nil
  ) throws(FaceError) {
    try self.init(model, Computing(threads: threads, instructionSet: instructionSet))
  }

  package convenience init(_ model: FaceModel, _ computing: Computing) throws(FaceError) {
    guard case .detector(let file) = model.content else {
      throw FaceError(.unusableFile, "\(model.path) is an embedding model; name a face detector")
    }
    let detector = try failing(as: .unsupported) { () throws(FaceqError) in
      try FaceDetection.FaceDetector(file, kernels: computing.kernels, threads: computing.threads)
    }
    self.init(model, computing, detector)
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(_ model: FaceModel, _ computing: Computing, _ detector: FaceDetection.FaceDetector) {
    self.model = model
    self.computing = computing
    self.detector = detector
  }

  /// The faces in a picture, largest first, without embeddings. None is no error.
  ///
  /// - Throws: `invalidArgument` where a setting is out of its range; `unusablePicture` where the picture does not fit
  ///   the network; `outOfMemory`.
  public func faces(
    in picture: FacePicture, settings: FaceSettings = FaceSettings()
  ) throws(FaceError) -> [Face] {
    let (found, searched) = try found(in: picture.photo, settings, searchesAgain: false)
    let surroundings = try picture.surroundings(of: found, searched: searched)
    return found.map { Face($0, of: picture.photo, in: surroundings, settings) }
  }

  /// Computes what the detector was calibrated to give for a pattern.
  ///
  /// - Throws: `wrongResult` where any bit differs; `notOpen` where the detector brings no self-test, as float ones.
  public func selfTest() throws(FaceError) {
    guard case .detector(.network(let network)) = model.content,
      let expected = network.description.calibration?.selfTest, !expected.isEmpty
    else { throw FaceError(.notOpen, "\(model.path) has no self-test; calibrated int8 detectors bring one") }
    let values = try failing(as: .wrongResult) { () throws(FaceqError) in
      try NetworkDetector(network, kernels: computing.kernels, threads: computing.threads).selfTest()
    }
    try check(values, against: expected, of: model)
  }

  /// The faces in a photo, largest first, and the photo as it was searched.
  ///
  /// - Parameter searchesAgain: looks for a face in the turned picture, too, where there is none in the upright one.
  func found(
    in photo: Photo, _ settings: FaceSettings, searchesAgain: Bool
  ) throws(FaceError) -> (faces: [DetectedFace], searched: PhotoPart) {
    let search = try settings.search(isCascade: detector.isCascade)
    return try failing(as: .unusablePicture) { () throws(FaceqError) in
      let searched = try detector.searched(photo, settings: search)
      let faces = try detector.faces(
        in: searched, settings: search, isUpright: settings.isUpright, searchesAgain: searchesAgain)
      return (faces, searched)
    }
  }
}
