import FaceDetection
import FaceImages
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// How faces are found in photos: what every command that takes photos lets the user choose.
package struct DetectionOptions: Sendable {
  /// The detector file; nil takes `FACEQ_DETECTOR`, else where `scripts/fetch-detector` puts it.
  package var detector: FilePath?
  /// The probabilities, 0.1…1, that a face must reach in MTCNN's three networks; nil takes the published ones.
  package var thresholds: [Float]?
  /// The score, 0.01…1, that a face must reach with a detector that is one network; nil takes the detector's own.
  package var score: Float?
  /// How much a face may overlap a better one, 0…1, with a detector that is one network; nil takes the detector's own.
  package var overlap: Float?
  /// The smallest face to look for, in pixels; nil takes what suits the detector and the photo.
  package var minimumFace: Int?
  /// Whether faces that the picture's edge cuts off are used, with black where nothing of them is.
  package var allowsCutOff: Bool
  /// Whether the user is told what is odd in files that can be read nevertheless.
  package var isVerbose: Bool

  package init(
    detector: FilePath? = nil, thresholds: [Float]? = nil, score: Float? = nil, overlap: Float? = nil,
    minimumFace: Int? = nil, allowsCutOff: Bool = false, isVerbose: Bool = false
  ) {
    self.detector = detector
    self.thresholds = thresholds
    self.score = score
    self.overlap = overlap
    self.minimumFace = minimumFace
    self.allowsCutOff = allowsCutOff
    self.isVerbose = isVerbose
  }

  /// Finds impossible choices before a photo is read.
  package func check() throws(FaceqError) {
    if let thresholds, thresholds.count != 3 || !thresholds.allSatisfy({ (0.1...1).contains($0) }) {
      throw FaceqError(
        "cannot look for faces with these thresholds; choose three from 0.1 to 1, 0.6,0.7,0.8 for instance")
    }
    if let score, !(0.01...1).contains(score) {
      throw FaceqError("cannot look for faces with this score; choose a number from 0.01 to 1")
    }
    if let overlap, !(0...1).contains(overlap) {
      throw FaceqError("faces cannot overlap so much; choose a number from 0 to 1")
    }
    if let minimumFace, !(12...100_000).contains(minimumFace) {
      throw FaceqError("cannot look for faces of \(minimumFace) pixels; choose at least 12")
    }
  }

  package var settings: SearchSettings {
    SearchSettings(minimumFace: minimumFace, score: score, overlap: overlap, thresholds: thresholds)
  }

  /// Opens the detector.
  ///
  /// - Throws: also where there is none, saying how to get one.
  func open(_ options: RunOptions) throws(FaceqError) -> FaceDetector {
    let path = try path()
    guard try fileExists(path) else {
      throw FaceqError(
        "there is no face detector at \(path): make it with scripts/fetch-detector, or name one with --detector; faces "
          + "that are already aligned need none")
    }
    let detector = try FaceDetector(path: path, kernels: options.kernels(), threads: options.threadPlan())
    if detector.isCascade, score != nil || overlap != nil {
      throw FaceqError("\(path) is MTCNN, which has no one score; choose its three with --thresholds")
    }
    if !detector.isCascade, thresholds != nil {
      throw FaceqError("\(path) is one network; choose its score with --score rather than --thresholds")
    }
    return detector
  }

  private func path() throws(FaceqError) -> FilePath {
    if let detector { return detector }
    if let stated = environmentPath("FACEQ_DETECTOR") { return stated }
    if let data = environmentPath("XDG_DATA_HOME") { return data.appending("/faceq/detector.gguf") }
    if let home = environmentPath("HOME") { return home.appending("/.local/share/faceq/detector.gguf") }
    throw FaceqError("no face detector is named and there is no home folder to look in; name one with --detector")
  }
}
