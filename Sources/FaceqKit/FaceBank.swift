internal import FaceBank
package import FaceqSupport
internal import QuantRuntime
internal import SIMDKernels

/// The faces of people, and who is most like another face.
///
///     let bank = try FaceBank(path: "people.bank", model: model)
///     try bank.enrol("Ada", photo: "ada.jpg", embedding: embedding)
///     try bank.save()
///     if let nearest = try bank.identify(other).nearest, nearest.cosine >= FaceBank.identifyingCosine {
///       print("this is \(nearest.person)")
///     }
///
/// A bank is bound to the model whose embeddings it holds. It belongs to one thread at a time: it is not `Sendable`, so
/// the compiler sees to that. The file is that of `faceq-board`, which `faceq bank import` reads, too.
public final class FaceBank {
  /// A person, and the cosine of a face with the mean of the person's embeddings.
  public struct Candidate: Sendable, Equatable {
    public var person: String
    public var cosine: Float
  }

  /// Who is most like a face.
  public struct Match: Sendable, Equatable {
    /// Nil where nobody is in the bank.
    public var nearest: Candidate?
    /// Nil where fewer than two people are in the bank.
    public var runnerUp: Candidate?
  }

  /// The cosine from which on `faceq identify` says that a face is a person's.
  public static let identifyingCosine: Float = PersonSearch.identifyingCosine

  private let path: FilePath
  private let kernels: KernelTable
  private var faces: EnrolledFaces
  /// Made when it is first needed after a change.
  private var search: PersonSearch?

  /// Reads the bank at `path`, or begins an empty one where there is none.
  ///
  /// - Parameters:
  ///   - path: the bank's file.
  ///   - model: the embedding model that the bank is for.
  ///   - detector: what finds the faces; a bank that names no detector yet records it when it is saved. Another one than
  ///     the bank names is no error, see ``detectorDigest``.
  /// - Throws: `unusableFile` where the file cannot be read or is no bank; `otherModel` where it is for another model;
  ///   `invalidArgument` where `model` is a detector, or `detector` none.
  public convenience init(path: String, model: FaceModel, detector: FaceModel? = nil) throws(FaceError) {
    try self.init(FilePath(path), model, detector: detector)
  }

  package convenience init(_ path: FilePath, _ model: FaceModel, detector: FaceModel?) throws(FaceError) {
    guard let network = model.embedding else {
      throw FaceError(.invalidArgument, "a bank is for an embedding model, and \(model.path) is a face detector")
    }
    if let detector, !detector.isDetector {
      throw FaceError(.invalidArgument, "\(detector.path) is an embedding model; name a face detector")
    }
    let binding = BankBinding(network)
    let stored = try failing(as: .unusableFile) { () throws(FaceqError) in try BankFile().bank(at: path) }
    if let stored {
      try failing(as: .otherModel) { () throws(FaceqError) in try stored.binding.check(binding, bank: path) }
    }
    let kernels = try failing(as: .unsupported) { () throws(FaceqError) in try QuantRuntime.kernels(nil) }
    var faces = stored ?? EnrolledFaces(binding: binding)
    if faces.binding.detector == nil { faces.binding.detector = detector?.detectorIdentity }
    self.init(path, faces, kernels)
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(_ path: FilePath, _ faces: EnrolledFaces, _ kernels: KernelTable) {
    self.path = path
    self.faces = faces
    self.kernels = kernels
  }

  /// The ``FaceModel/digest`` of the detector that found the faces; nil where the bank names none.
  ///
  /// Embeddings of faces that another detector found can be compared with these, but their cosines are a little smaller:
  ///
  ///     if let digest = bank.detectorDigest, digest != detector.digest { /* warn, or take that detector */ }
  public var detectorDigest: String? { faces.binding.detector?.digest }

  /// The people, and how many embeddings each has, in the order of their names.
  public var people: [(name: String, photos: Int)] {
    faces.people.map { (name: $0.name.description, photos: $0.photos) }
  }

  /// Adds an embedding of a person. The same one is not added twice.
  ///
  /// - Parameters:
  ///   - person: UTF-8 of 1 to 200 bytes, without control characters.
  ///   - photo: what the embedding is from, for people to read.
  ///   - embedding: of the bank's model, of unit length.
  /// - Returns: whether it was new.
  /// - Throws: `invalidArgument` where the name or the embedding is impossible.
  @discardableResult
  public func enrol(_ person: String, photo: String = "", embedding: [Float]) throws(FaceError) -> Bool {
    let name = try personName(person)
    try check(embedding)
    search = nil
    return faces.add([EnrolledFace(person: name, photo: photo, embedding: embedding)]).added > 0
  }

  /// Removes a person with all embeddings.
  ///
  /// - Returns: how many these were.
  /// - Throws: `invalidArgument` where the name is impossible.
  @discardableResult
  public func remove(_ person: String) throws(FaceError) -> Int {
    let name = try personName(person)
    search = nil
    return faces.remove(name) ?? 0
  }

  /// Who is most like a face.
  ///
  /// - Parameter embedding: of the bank's model, of unit length.
  /// - Throws: `invalidArgument` where the embedding is impossible.
  public func identify(_ embedding: [Float]) throws(FaceError) -> Match {
    try check(embedding)
    let search = search ?? PersonSearch(faces, kernels: kernels)
    self.search = search
    let (best, runnerUp) = search.nearest(embedding)
    return Match(nearest: best.map { Candidate($0) }, runnerUp: runnerUp.map { Candidate($0) })
  }

  /// Writes the bank to its file, all of it or nothing. What others wrote there since it was opened is lost.
  ///
  /// - Throws: `unusableFile` where it cannot be written.
  public func save() throws(FaceError) {
    try failing(as: .unusableFile) { () throws(FaceqError) in try BankFile().write(faces, to: path) }
  }

  private func personName(_ text: String) throws(FaceError) -> PersonName {
    try failing(as: .invalidArgument) { () throws(FaceqError) in try PersonName(bytes: text.utf8) }
  }

  private func check(_ embedding: [Float]) throws(FaceError) {
    let size = faces.binding.embeddingSize
    guard embedding.count == size else {
      throw FaceError(
        .invalidArgument, "the embedding has \(embedding.count) components, but those in \(path) have \(size)")
    }
    let squares = embedding.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard abs(squares - 1) < 1e-3 else {
      throw FaceError(.invalidArgument, "the embedding is not of unit length; give one as the model made it")
    }
  }
}

extension FaceBank.Candidate {
  fileprivate init(_ candidate: PersonSearch.Candidate) {
    person = candidate.person.description
    cosine = candidate.cosine
  }
}
