import FaceImages
import QuantRuntime

/// Reads photos and finds the faces in them; opens the detector for the first.
final class FaceFinder {
  /// A photo's shorter side is left at least as long when it is decoded at a reduced size.
  private static let shorterSide = 2000

  private let detection: DetectionOptions
  private let options: RunOptions
  private var detector: FaceDetector?

  init(_ detection: DetectionOptions, _ options: RunOptions) {
    self.detection = detection
    self.options = options
  }

  static func photo(_ path: FilePath) throws(FaceqError) -> Photo {
    try readPhoto(path: path, atLeast: shorterSide)
  }

  /// The faces in `image`, largest first. The detector is opened where there is none yet.
  func faces(in image: RGBImage, path: FilePath) throws(FaceqError) -> [DetectedFace] {
    let faces: [DetectedFace]
    do {
      faces = try openDetector().faces(in: image, settings: detection.settings(for: image))
    } catch {
      throw FaceqError("\(path): \(error.message)")
    }
    // The order is total, so that it is the same on every machine.
    return faces.sorted { ($1.area, $0.box.left, $0.box.top) < ($0.area, $1.box.left, $1.box.top) }
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
  fileprivate var area: Float { box.columns * box.rows }

  /// Why this face of `image` should not be embedded.
  func fault(in image: RGBImage) -> FaceFault? {
    FaceFault(landmarks: landmarks, width: image.width, height: image.height)
  }
}

/// The error for a photo without faces.
func noFace(_ path: FilePath) -> FaceqError {
  FaceqError(
    "\(path) shows no face that could be found; take another photo, or look for smaller faces with --minimum-face")
}
