import FaceDetection
import FaceImages
import FaceqSupport
import QuantRuntime

/// Reads photos and finds the faces in them; opens the detector for the first.
final class FaceFinder {
  private let detection: DetectionOptions
  private let options: RunOptions
  private var detector: FaceDetector?

  init(_ detection: DetectionOptions, _ options: RunOptions) {
    self.detection = detection
    self.options = options
  }

  /// The whole photo in full; `note` is told what is odd in its file, where the user wants to know.
  func image(of photo: Photo, note: (String) -> Void) throws(FaceqError) -> RGBImage {
    let whole = try photo.whole()
    tell(whole, of: photo, note)
    return whole.image
  }

  /// The photo at the size at which it is searched; `note` as above.
  func searched(_ photo: Photo, note: (String) -> Void) throws(FaceqError) -> PhotoPart {
    let searched = try openDetector(for: photo).searched(photo, settings: detection.settings)
    tell(searched, of: photo, note)
    return searched
  }

  /// The faces in a photo, in its pixels, largest first.
  ///
  /// - Parameters:
  ///   - searched: from `searched(_:note:)`.
  ///   - searchesAgain: looks for a face in the turned photo, too, where there is none in the upright one.
  ///   - note: is told where the photo is upside down.
  func faces(
    in searched: PhotoPart, of photo: Photo, searchesAgain: Bool, note: (String) -> Void
  ) throws(FaceqError) -> [DetectedFace] {
    let faces: [DetectedFace]
    do {
      faces = try openDetector().faces(
        in: searched, settings: detection.settings, searchesAgain: searchesAgain)
    } catch {
      throw FaceqError("\(photo.path): \(error.message)")
    }
    if faces.contains(where: { $0.isUpsideDown }) {
      note("\(photo.path) is upside down; its faces are taken as they are when it is turned by 180°")
    }
    return faces
  }

  private func tell(_ part: PhotoPart, of photo: Photo, _ note: (String) -> Void) {
    guard detection.isVerbose, !part.oddities.isEmpty else { return }
    note("\(photo.path) is read, although it is odd: \(part.oddities.joined(separator: "; "))")
  }

  /// What speaks against embedding `face` of `photo`.
  ///
  /// - Parameters:
  ///   - surroundings: what the face is cut from.
  ///   - quality: 0…1, which the face must have; nil takes any.
  func objection(
    to face: DetectedFace, of photo: Photo, in surroundings: PhotoPart, quality: Float?
  ) -> FaceObjection? {
    face.objection(of: photo, in: surroundings, allowsCutOff: detection.allowsCutOff, quality: quality)
  }

  /// The detector, where it has been opened.
  var identity: DetectorIdentity? { detector?.identity }

  /// The detector that searches `photo`; an error names the photo.
  func openDetector(for photo: Photo) throws(FaceqError) -> FaceDetector {
    do { return try openDetector() } catch { throw FaceqError("\(photo.path): \(error.message)") }
  }

  /// Opens the detector before the first photo is read.
  @discardableResult
  func openDetector() throws(FaceqError) -> FaceDetector {
    if let detector { return detector }
    let opened = try detection.open(options)
    detector = opened
    return opened
  }
}

/// The error for a photo without faces.
func noFace(_ path: FilePath) -> FaceqError {
  FaceqError(
    "\(path) shows no face that could be found; take another photo, or look for smaller faces with --minimum-face")
}
