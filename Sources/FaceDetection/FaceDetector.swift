package import FaceImages
package import FaceqSupport
package import QuantRuntime
package import SIMDKernels

/// Finds faces in photos with the detector of a file, of whatever family it is.
///
/// A detector belongs to one thread at a time and has worker threads of its own.
package final class FaceDetector {
  private enum Kind {
    case cascade(CascadeDetector)
    case network(NetworkDetector)
  }

  private let kind: Kind
  package let identity: DetectorIdentity

  /// - Parameters:
  ///   - path: a detector file, as an import or a calibration makes it.
  ///   - kernels: from `kernels(_:)`.
  /// - Throws: what is wrong with the file, or what this machine cannot do.
  package convenience init(path: FilePath, kernels: KernelTable, threads: ThreadPlan = 1) throws(FaceqError) {
    try self.init(try DetectorFile(path: path), kernels: kernels, threads: threads)
  }

  /// As the other initialiser, of a file that is open.
  package convenience init(_ file: DetectorFile, kernels: KernelTable, threads: ThreadPlan = 1) throws(FaceqError) {
    let kind: Kind =
      switch file {
      case .cascade(let cascade): .cascade(try CascadeDetector(cascade, kernels: kernels, threads: threads))
      case .network(let model): .network(try NetworkDetector(model, kernels: kernels, threads: threads))
      }
    self.init(kind, file.identity)
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(_ kind: Kind, _ identity: DetectorIdentity) {
    self.kind = kind
    self.identity = identity
  }

  /// Whether a face is found by three networks, each with a threshold of its own, rather than by one with one score.
  package var isCascade: Bool { if case .cascade = kind { true } else { false } }

  /// How many columns and rows of a photo of this size are enough to search it.
  package func searchedSize(
    width: Int, height: Int, settings: SearchSettings = SearchSettings()
  ) -> (width: Int, height: Int) {
    switch kind {
    // The smallest face that is looked for is a fiftieth of the shorter side: 40 of these, where the last network sees 48.
    case .cascade: (2000, 2000)
    case .network(let detector): detector.searchedSize(width: width, height: height, settings: settings)
    }
  }

  /// The detector where it is one network.
  package var network: NetworkDetector? { if case .network(let detector) = kind { detector } else { nil } }

  /// The faces in `image`, best score first.
  /// - Throws: where a setting is out of its range, or the picture does not fit the network.
  package func faces(
    in image: RGBImage, settings: SearchSettings = SearchSettings()
  ) throws(FaceqError) -> [DetectedFace] {
    switch kind {
    case .cascade(let detector): try detector.faces(in: image, settings: settings.cascade(for: image))
    case .network(let detector): try detector.faces(in: image, settings: settings)
    }
  }

  /// The faces in a photo that may be upside down, best score first, in pixels of `image`.
  ///
  /// Where a detector finds faces that are upside down, too, their landmarks are in wrong places; where the faces of the
  /// photo turned by 180° look more like some, these are returned (`DetectedFace.isUpsideDown`).
  /// - Parameter searchesAgain: turns the photo also where no face is found, which takes a second search.
  package func facesEitherWayUp(
    in image: RGBImage, settings: SearchSettings = SearchSettings(), searchesAgain: Bool
  ) throws(FaceqError) -> [DetectedFace] {
    let upright = try faces(in: image, settings: settings)
    let largest = upright.largest
    if let largest {
      guard try turnedScore(of: largest.box, in: image) > largest.score else { return upright }
    } else if !searchesAgain {
      return []
    }
    let turned = try faces(in: image.turned(to: .upsideDown), settings: settings)
    guard let best = turned.largest, best.score > largest?.score ?? 0 else { return upright }
    return turned.map { $0.turned(width: image.width, height: image.height) }
  }

  /// How much the part of `image` around `box` looks like a face when it is turned by 180°, 0…1.
  private func turnedScore(of box: FaceBox, in image: RGBImage) throws(FaceqError) -> Float {
    switch kind {
    case .cascade(let detector): try detector.turnedScore(of: box, in: image)
    case .network(let detector): try detector.turnedScore(of: box, in: image)
    }
  }
}

extension SearchSettings {
  /// What MTCNN is told.
  fileprivate func cascade(for image: RGBImage) -> DetectionSettings {
    var settings = DetectionSettings(minimumFace: minimumFace ?? max(20, min(image.width, image.height) / 50))
    if let thresholds, thresholds.count == 3 {
      settings.proposalThreshold = thresholds[0]
      settings.refinementThreshold = thresholds[1]
      settings.outputThreshold = thresholds[2]
    }
    return settings
  }
}
