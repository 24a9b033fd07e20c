import FaceDetection
import FaceImages
import FaceqSupport
import QuantRuntime

/// Reads faces of the size that a model wants: aligned ones as they are, and those in photos detected and aligned.
///
/// A picture of exactly the model's size counts as an aligned face.
package final class FaceReader {
  let input: ImageFormat
  private let mustBeAligned: Bool
  private let quality: Float?
  private let finder: FaceFinder
  private let console: Console
  /// Whether notes are kept for `takeNotes` instead of printed.
  var keepsNotes = false
  private var notes: [String] = []
  /// Whether the landmarks in photos are remembered, so that one that is read again is not searched again.
  package var remembersLandmarks = false
  private var largest: [FilePath: [Point]] = [:]
  /// Is told of the detector before the first photo is searched; a sentence that it returns is noted.
  var objectionToDetector: (DetectorIdentity) -> String? = { _ in nil }
  /// The detector that faces were looked for with; nil while all were aligned.
  var detector: DetectorIdentity? { finder.identity }

  /// A reader of the faces that `model` wants.
  convenience init(_ model: Model, _ options: FaceOptions, _ console: Console) throws(FaceqError) {
    try self.init(input: model.image, options, console)
  }

  package init(input: ImageFormat, _ options: FaceOptions, _ console: Console) throws(FaceqError) {
    try options.detection.check()
    self.input = input
    if let quality = options.quality, !(0...1).contains(quality) {
      throw FaceqError("no face can be asked for this quality; choose a number from 0 to 1")
    }
    mustBeAligned = options.aligned
    quality = options.quality
    finder = FaceFinder(options.detection, options.run)
    self.console = console
  }

  /// Opens the detector before the first photo is read.
  func openDetector() throws(FaceqError) -> DetectorIdentity { try finder.openDetector().identity }

  /// The face in an image, in a photo the largest one: RGB pixels [row][column][3].
  ///
  /// - Throws: where the file is no image, or shows no face that could be used.
  package func pixels(_ path: FilePath) throws(FaceqError) -> [UInt8] {
    let photo = try Photo(path: path)
    if isAligned(photo) { return try finder.image(of: photo, note: note).pixels }
    if let landmarks = largest[path] {
      return try aligned(try photo.surroundings(of: [landmarks]), landmarks)
    }
    let (faces, searched) = try search(photo)
    guard let face = faces.first else { throw noFace(path) }
    let surroundings = try photo.surroundings(of: [face.landmarks], searched: searched)
    if let objection = objection(to: face, of: photo, in: surroundings) {
      let name = faces.count > 1 ? "the largest of the \(faces.count) faces in \(path)" : "the face in \(path)"
      throw FaceqError("\(name) cannot be used: \(objection)")
    }
    if faces.count > 1 { note("\(path) shows \(faces.count) faces; the largest is taken") }
    if remembersLandmarks { largest[path] = face.landmarks }
    return try aligned(surroundings, face.landmarks)
  }

  /// The embeddings of the faces in an image: of the largest one, or of all of them, largest first.
  ///
  /// - Throws: where the file is no image, or none of its faces could be embedded. With `allFaces`, a face that cannot be
  ///   embedded beside others that can is noted and has its fault.
  func embeddings(
    _ path: FilePath, by session: EmbeddingSession, flip: Bool = false, allFaces: Bool
  ) throws(FaceqError) -> [EmbeddedFace] {
    guard allFaces else {
      return [EmbeddedFace(number: 1, result: .embedding(try session.embed(try pixels(path), flip: flip)))]
    }
    let photo = try Photo(path: path)
    if isAligned(photo) {
      let pixels = try finder.image(of: photo, note: note).pixels
      return [EmbeddedFace(number: 1, result: .embedding(try session.embed(pixels, flip: flip)))]
    }
    let (found, searched) = try search(photo)
    guard !found.isEmpty else { throw noFace(path) }
    let surroundings = try photo.surroundings(of: found.map { $0.landmarks }, searched: searched)
    var faces: [EmbeddedFace] = []
    for (index, face) in found.enumerated() {
      do throws(FaceqError) {
        if let objection = objection(to: face, of: photo, in: surroundings) { throw FaceqError(objection) }
        let embedding = try session.embed(try aligned(surroundings, face.landmarks), flip: flip)
        faces.append(EmbeddedFace(number: index + 1, result: .embedding(embedding)))
      } catch {
        note("skipped face \(index + 1) of \(path): \(error.message)")
        faces.append(EmbeddedFace(number: index + 1, result: .fault(error.message)))
      }
    }
    guard faces.contains(where: { $0.isEmbedded }) else { throw FaceqError("\(path) shows no face that could be used") }
    return faces
  }

  /// Why a face should not be embedded, as the end of a sentence.
  private func objection(to face: DetectedFace, of photo: Photo, in surroundings: PhotoPart) -> String? {
    finder.objection(to: face, of: photo, figures: surroundings.quality(of: face), quality: quality)?.explanation
  }

  /// The notes since the last call.
  func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }

  private func note(_ text: String) {
    if keepsNotes { notes.append(text) } else { console.note(text) }
  }

  private func isAligned(_ photo: Photo) -> Bool { photo.width == input.width && photo.height == input.height }

  private func search(_ photo: Photo) throws(FaceqError) -> (faces: [DetectedFace], searched: PhotoPart) {
    let sizes =
      "\(photo.path) is \(photo.width)×\(photo.height), but the model wants faces of \(input.width)×\(input.height) that are "
      + "aligned"
    guard !mustBeAligned else {
      throw FaceqError("\(sizes); leave out --aligned to have the face detected, do not just resize the picture")
    }
    guard input.width == input.height else {
      throw FaceqError("\(sizes), and faceq aligns only to squares; align the face for this model yourself")
    }
    if finder.identity == nil, let objection = objectionToDetector(try finder.openDetector(for: photo).identity) {
      note(objection)
    }
    let searched = try finder.searched(photo, note: note)
    return (try finder.faces(in: searched, of: photo, searchesAgain: true, note: note), searched)
  }

  private func aligned(_ surroundings: PhotoPart, _ landmarks: [Point]) throws(FaceqError) -> [UInt8] {
    try surroundings.aligned(landmarks, size: input.width).pixels
  }
}

/// One of the faces in an image, and its embedding.
struct EmbeddedFace: Sendable {
  enum Result: Sendable {
    case embedding([Float])
    /// Why the face has no embedding.
    case fault(String)
  }

  /// 1 for the largest face of the image.
  var number: Int
  var result: Result

  var isEmbedded: Bool { if case .embedding = result { true } else { false } }
}
