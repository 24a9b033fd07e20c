import FaceImages
import QuantRuntime

/// Reads faces of the size that a model wants: aligned ones as they are, and those in photos detected and aligned.
///
/// A picture of exactly the model's size counts as an aligned face.
public final class FaceLoader {
  /// One of the faces in a photo.
  struct Face {
    enum Result {
      /// RGB [row][column][3].
      case pixels([UInt8])
      /// Why it cannot be used.
      case fault(String)
    }

    /// From 1 on, largest first.
    var number: Int
    var result: Result
  }

  private let input: InputFormat
  private let mustBeAligned: Bool
  private let finder: FaceFinder
  private let console: Console
  /// Whoever reads images tells what there is to tell about them later, by `takeNotes`.
  var keepsNotes = false
  private var notes: [String] = []
  /// Whether the landmarks in photos are remembered, so that one that is read again is not searched again.
  public var remembersLandmarks = false
  private var largest: [FilePath: [Point]] = [:]

  /// - Parameter mustBeAligned: nothing is detected; a picture of another size is an error.
  public init(
    input: InputFormat, mustBeAligned: Bool, _ detection: DetectionOptions, _ options: RunOptions, _ console: Console
  ) throws(FaceqError) {
    try detection.check()
    self.input = input
    self.mustBeAligned = mustBeAligned
    finder = FaceFinder(detection, options)
    self.console = console
  }

  /// The face in an image, in a photo the largest one: RGB pixels [row][column][3].
  ///
  /// - Throws: where the file is no image, or shows no face that could be used.
  public func pixels(_ path: FilePath) throws(FaceqError) -> [UInt8] {
    let image = try finder.photo(path, note: note).image
    if isAligned(image) { return image.pixels }
    if let landmarks = largest[path] { return try aligned(image, landmarks) }
    let faces = try facesInPhoto(image, path)
    guard let face = faces.first else { throw noFace(path) }
    if let fault = finder.fault(of: face, in: image) {
      let name = faces.count > 1 ? "the largest of the \(faces.count) faces in \(path)" : "the face in \(path)"
      throw FaceqError("\(name) cannot be used: \(fault.explanation)")
    }
    if faces.count > 1 { note("\(path) shows \(faces.count) faces; the largest is taken") }
    if remembersLandmarks { largest[path] = face.landmarks }
    return try aligned(image, face.landmarks)
  }

  /// All faces in an image, largest first; those that cannot be used are reported.
  ///
  /// - Throws: where the file is no image, or shows no face that could be used.
  func allFaces(_ path: FilePath) throws(FaceqError) -> [Face] {
    let image = try finder.photo(path, note: note).image
    if isAligned(image) { return [Face(number: 1, result: .pixels(image.pixels))] }
    let found = try facesInPhoto(image, path)
    guard !found.isEmpty else { throw noFace(path) }
    var faces: [Face] = []
    var usable = 0
    for (index, face) in found.enumerated() {
      if let fault = finder.fault(of: face, in: image) {
        note("skipped face \(index + 1) of \(path): \(fault.explanation)")
        faces.append(Face(number: index + 1, result: .fault(fault.explanation)))
      } else {
        faces.append(Face(number: index + 1, result: .pixels(try aligned(image, face.landmarks))))
        usable += 1
      }
    }
    guard usable > 0 else { throw FaceqError("\(path) shows no face that could be used") }
    return faces
  }

  /// What there was to tell since the last call.
  func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }

  private func note(_ text: String) {
    if keepsNotes { notes.append(text) } else { console.note(text) }
  }

  private func isAligned(_ image: RGBImage) -> Bool { image.width == input.width && image.height == input.height }

  private func facesInPhoto(_ image: RGBImage, _ path: FilePath) throws(FaceqError) -> [DetectedFace] {
    let sizes =
      "\(path) is \(image.width)×\(image.height), but the model wants faces of \(input.width)×\(input.height) that are "
      + "aligned"
    guard !mustBeAligned else {
      throw FaceqError("\(sizes); leave out --aligned to have the face detected, do not just resize the picture")
    }
    guard input.width == input.height else {
      throw FaceqError("\(sizes), and faceq aligns only to squares; align the face for this model yourself")
    }
    return try finder.faces(in: image, path: path, searchesAgain: true, note: note)
  }

  private func aligned(_ image: RGBImage, _ landmarks: [Point]) throws(FaceqError) -> [UInt8] {
    try alignFace(image, landmarks: landmarks, size: input.width).pixels
  }
}
