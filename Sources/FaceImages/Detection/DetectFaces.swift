public import QuantRuntime

/// How thoroughly faces are looked for.
public struct DetectionSettings: Sendable, Equatable {
  /// In pixels, at least 1: smaller faces are not found.
  public var minimumFace: Int
  /// Each scale of the picture by the one before, between 0 and 1.
  public var pyramidFactor: Double
  /// The probabilities, 0…1, that a candidate must reach in the three networks.
  public var proposalThreshold: Float
  public var refinementThreshold: Float
  public var outputThreshold: Float

  public init(
    minimumFace: Int = 20, pyramidFactor: Double = 0.709, proposalThreshold: Float = 0.6,
    refinementThreshold: Float = 0.7, outputThreshold: Float = 0.8
  ) {
    self.minimumFace = minimumFace
    self.pyramidFactor = pyramidFactor
    self.proposalThreshold = proposalThreshold
    self.refinementThreshold = refinementThreshold
    self.outputThreshold = outputThreshold
  }
}

/// A face that was found.
public struct DetectedFace: Sendable, Equatable {
  public var box: CandidateBox
  /// Left eye, right eye, nose, left and right corner of the mouth (left in the picture), in pixels of the picture.
  public var landmarks: [Point]
  /// The eyes are the lower ones in the picture, and left and right are those of the picture turned by 180°.
  package var isUpsideDown = false

  public init(box: CandidateBox, landmarks: [Point]) {
    self.box = box
    self.landmarks = landmarks
  }
}

/// The faces in `image`, best score first, found by MTCNN's cascade as facenet-pytorch 2.6.0 runs it.
/// - Throws: What the networks throw, and when a setting is out of its range.
public func detectFaces(
  in image: RGBImage, networks: DetectionNetworks, settings: DetectionSettings = DetectionSettings()
) throws(FaceqError) -> [DetectedFace] {
  guard settings.minimumFace >= 1, settings.pyramidFactor > 0, settings.pyramidFactor < 1 else {
    throw FaceqError(
      "cannot look for faces: the smallest face must be positive and the pyramid factor between 0 and 1")
  }
  let proposals = try proposedBoxes(in: image, networks: networks, settings: settings)
  let refined = try refinedBoxes(proposals, in: image, networks: networks, settings: settings)
  return try locatedFaces(refined, in: image, networks: networks, settings: settings)
}

/// At one scale: photos have some hundreds, and the time to thin them out grows with the square.
private let maximumCandidates = 20_000

private func proposedBoxes(
  in image: RGBImage, networks: DetectionNetworks, settings: DetectionSettings
) throws(FaceqError) -> [CandidateBox] {
  var candidates: [(box: CandidateBox, offsets: BoxOffsets)] = []
  let scales = pyramidScales(
    width: image.width, height: image.height, minimumFace: settings.minimumFace, factor: settings.pyramidFactor)
  for scale in scales {
    var atScale: [(box: CandidateBox, offsets: BoxOffsets)] = []
    for band in image.bands(scale: scale) {
      atScale += try networks.propose(image.networkInput(scale: scale, band: band))
        .candidates(scale: scale, threshold: settings.proposalThreshold, firstRow: band.firstMapRow)
      guard atScale.count <= maximumCandidates else {
        throw FaceqError(
          "cannot look for faces: more than \(maximumCandidates) places look like one; raise the first threshold or the "
            + "smallest face")
      }
    }
    candidates += nonMaximumSuppression(atScale.map { $0.box }, threshold: 0.5, mode: .union).map { atScale[$0] }
  }
  return nonMaximumSuppression(candidates.map { $0.box }, threshold: 0.7, mode: .union).map { index in
    let (box, offsets) = candidates[index]
    return box.moved(by: offsets, unitWidth: box.width, unitHeight: box.height).squared()
  }
}

private func refinedBoxes(
  _ boxes: [CandidateBox], in image: RGBImage, networks: DetectionNetworks, settings: DetectionSettings
) throws(FaceqError) -> [CandidateBox] {
  var passed: [(box: CandidateBox, offsets: BoxOffsets)] = []
  for var box in boxes {
    guard let input = image.networkInput(of: box, side: 24) else { continue }
    let verdict = try networks.refine(input)
    guard verdict.faceProbability > settings.refinementThreshold else { continue }
    box.score = verdict.faceProbability
    passed.append((box, verdict.offsets))
  }
  return nonMaximumSuppression(passed.map { $0.box }, threshold: 0.7, mode: .union).map { index in
    let (box, offsets) = passed[index]
    return box.moved(by: offsets, unitWidth: box.columns, unitHeight: box.rows).squared()
  }
}

private func locatedFaces(
  _ boxes: [CandidateBox], in image: RGBImage, networks: DetectionNetworks, settings: DetectionSettings
) throws(FaceqError) -> [DetectedFace] {
  var faces: [DetectedFace] = []
  for var box in boxes {
    guard let input = image.networkInput(of: box, side: 48) else { continue }
    let (verdict, landmarks) = try networks.locate(input)
    guard verdict.faceProbability > settings.outputThreshold else { continue }
    box.score = verdict.faceProbability
    faces.append(
      DetectedFace(
        box: box.moved(by: verdict.offsets, unitWidth: box.columns, unitHeight: box.rows),
        landmarks: landmarks.map { Point(x: $0.x * box.columns + box.left - 1, y: $0.y * box.rows + box.top - 1) }))
  }
  return nonMaximumSuppression(faces.map { $0.box }, threshold: 0.7, mode: .minimum).map { faces[$0] }
}

extension RGBImage {
  /// The part of the picture in `box` at `side` × `side` pixels; nil when the box lies outside of the picture.
  fileprivate func networkInput(of box: CandidateBox, side: Int) -> NetworkInput? {
    guard let (rows, columns) = box.covered(width: width, height: height) else { return nil }
    return NetworkInput(self, rows: rows, columns: columns, width: side, height: side)
  }
}
