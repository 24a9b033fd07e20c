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

  /// The photo at `path`; `note` is told what is odd in its file, where the user wants to know.
  func photo(_ path: FilePath, note: (String) -> Void) throws(FaceqError) -> Photo {
    let photo = try detection.readPhoto(path)
    if detection.isVerbose, !photo.oddities.isEmpty {
      note("\(path) is read, although it is odd: \(photo.oddities.joined(separator: "; "))")
    }
    return photo
  }

  /// The faces in `image`, largest first. The detector is opened where there is none yet.
  ///
  /// - Parameters:
  ///   - searchesAgain: looks for a face in the turned photo, too, where there is none in the upright one.
  ///   - note: is told where the photo is upside down.
  func faces(
    in image: RGBImage, path: FilePath, searchesAgain: Bool, note: (String) -> Void
  ) throws(FaceqError) -> [DetectedFace] {
    let faces: [DetectedFace]
    do {
      faces = try openDetector().facesEitherWayUp(
        in: image, settings: detection.settings, searchesAgain: searchesAgain)
    } catch {
      throw FaceqError("\(path): \(error.message)")
    }
    if faces.contains(where: { $0.isUpsideDown }) {
      note("\(path) is upside down; its faces are taken as they are when it is turned by 180°")
    }
    return faces.largestFirst()
  }

  /// What speaks against embedding `face` of `image`.
  ///
  /// - Parameter quality: 0…1, which the face must have; nil takes any.
  func objection(to face: DetectedFace, in image: RGBImage, quality: Float?) -> FaceObjection? {
    face.objection(in: image, allowsCutOff: detection.allowsCutOff, quality: quality)
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
