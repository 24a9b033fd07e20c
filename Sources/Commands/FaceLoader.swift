import FaceImages
import QuantRuntime

/// Reads faces of the size that a model wants: aligned ones as they are, and those in photos detected and aligned.
///
/// A picture of exactly the model's size counts as an aligned face. The landmarks in photos are remembered, so that one
/// that is read again is not searched again.
public final class FaceLoader {
  private let input: InputFormat
  private let mustBeAligned: Bool
  private let finder: FaceFinder
  private let console: Console
  /// Whoever reads images tells what there is to tell about them later, by `takeNotes`.
  var keepsNotes = false
  private var notes: [String] = []
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
    let image = try FaceFinder.photo(path).image
    if isAligned(image) { return image.pixels }
    if let landmarks = largest[path] { return try aligned(image, landmarks) }
    let faces = try facesInPhoto(image, path)
    guard let face = faces.first else { throw noFace(path) }
    if let fault = face.fault(in: image) {
      let name = faces.count > 1 ? "the largest of the \(faces.count) faces in \(path)" : "the face in \(path)"
      throw FaceqError("\(name) cannot be used: \(fault.explanation)")
    }
    if faces.count > 1 { note("\(path) shows \(faces.count) faces; the largest is taken") }
    largest[path] = face.landmarks
    return try aligned(image, face.landmarks)
  }

  /// All faces in an image, largest first; those that cannot be used are reported.
  ///
  /// - Returns: each with its number in that order, from 1 on.
  /// - Throws: where the file is no image, or shows no face that could be used.
  func allFaces(_ path: FilePath) throws(FaceqError) -> [(number: Int, pixels: [UInt8])] {
    let image = try FaceFinder.photo(path).image
    if isAligned(image) { return [(1, image.pixels)] }
    let faces = try facesInPhoto(image, path)
    guard !faces.isEmpty else { throw noFace(path) }
    var usable: [(number: Int, pixels: [UInt8])] = []
    for (index, face) in faces.enumerated() {
      if let fault = face.fault(in: image) {
        note("skipped face \(index + 1) of \(path): \(fault.explanation)")
      } else {
        usable.append((index + 1, try aligned(image, face.landmarks)))
      }
    }
    guard !usable.isEmpty else { throw FaceqError("\(path) shows no face that could be used") }
    return usable
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
    return try finder.faces(in: image, path: path)
  }

  private func aligned(_ image: RGBImage, _ landmarks: [Point]) throws(FaceqError) -> [UInt8] {
    try alignFace(image, landmarks: landmarks, size: input.width).pixels
  }
}

/// The images that the arguments of a command stand for, in their order; a folder stands for all images below it.
public func expandImagePaths(_ arguments: [FilePath]) throws(FaceqError) -> [FilePath] {
  var search = ImageSearch()
  for argument in arguments { try search.add(argument) }
  return Array(search.images)
}
