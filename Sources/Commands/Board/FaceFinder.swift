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
    let searched = try photo.whole(atLeast: try searchedSize(of: photo))
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
      faces = try openDetector().facesEitherWayUp(
        in: searched.image, settings: detection.settings.reduced(by: searched.reduction), searchesAgain: searchesAgain)
    } catch {
      throw FaceqError("\(photo.path): \(error.message)")
    }
    if faces.contains(where: { $0.isUpsideDown }) {
      note("\(photo.path) is upside down; its faces are taken as they are when it is turned by 180°")
    }
    // The order is total, so that it is the same on every machine.
    return faces.map { searched.original($0) }
      .sorted { ($1.area, $0.box.left, $0.box.top) < ($0.area, $1.box.left, $1.box.top) }
  }

  /// What faces are cut from, whatever size was searched: the photo in full around their landmarks.
  ///
  /// - Parameter searched: the photo as it was searched, where it was just now.
  func surroundings(
    of faces: [[Point]], in photo: Photo, searched: PhotoPart? = nil
  ) throws(FaceqError) -> PhotoPart {
    if let searched { return searched.reduction == 1 ? searched : try photo.surroundings(of: faces) }
    let reduction = photo.reduction(atLeast: try searchedSize(of: photo))
    return reduction == 1 ? try photo.whole() : try photo.surroundings(of: faces)
  }

  private func searchedSize(of photo: Photo) throws(FaceqError) -> (width: Int, height: Int) {
    try openDetector(for: photo).searchedSize(width: photo.width, height: photo.height, settings: detection.settings)
  }

  private func tell(_ part: PhotoPart, of photo: Photo, _ note: (String) -> Void) {
    guard detection.isVerbose, !part.oddities.isEmpty else { return }
    note("\(photo.path) is read, although it is odd: \(part.oddities.joined(separator: "; "))")
  }

  /// Why `face` of `photo` should not be embedded.
  func fault(of face: DetectedFace, in photo: Photo) -> FaceFault? {
    let fault = face.fault(width: photo.width, height: photo.height)
    return fault == .cutOff && detection.allowsCutOff ? nil : fault
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

extension DetectedFace {
  /// Why this face of a picture of `width` × `height` pixels should not be embedded.
  func fault(width: Int, height: Int) -> FaceFault? {
    let face = isUpsideDown ? turned(width: width, height: height) : self
    return FaceFault(landmarks: face.landmarks, width: width, height: height)
  }
}

/// The error for a photo without faces.
func noFace(_ path: FilePath) -> FaceqError {
  FaceqError(
    "\(path) shows no face that could be found; take another photo, or look for smaller faces with --minimum-face")
}
