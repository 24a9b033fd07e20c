package import FaceqSupport

/// The three networks of MTCNN (Zhang et al., "Joint face detection and alignment using multitask cascaded
/// convolutional networks", 2016) as functions, so that any engine may run them.
package struct DetectionNetworks {
  /// P-Net, on a whole picture of at least 12 × 12 pixels: a window's map position is its top left corner divided by 2.
  package var propose: (NetworkInput) throws(FaceqError) -> ProposalMap
  /// R-Net, on a candidate of 24 × 24 pixels.
  package var refine: (NetworkInput) throws(FaceqError) -> Verdict
  /// O-Net, on a candidate of 48 × 48 pixels.
  package var locate: (NetworkInput) throws(FaceqError) -> (verdict: Verdict, landmarks: [Point])

  /// What R-Net and O-Net say of a candidate.
  package struct Verdict: Sendable {
    /// The probability, after the softmax, that the candidate is a face: 0…1.
    package var faceProbability: Float
    /// How far the candidate's sides should move, in fractions of the candidate.
    package var offsets: BoxOffsets

    package init(faceProbability: Float, offsets: BoxOffsets) {
      self.faceProbability = faceProbability
      self.offsets = offsets
    }
  }

  /// The five landmarks that `locate` returns are fractions of the candidate's columns and rows: left eye, right eye,
  /// nose, left and right corner of the mouth (left in the picture).
  package init(
    propose: @escaping (NetworkInput) throws(FaceqError) -> ProposalMap,
    refine: @escaping (NetworkInput) throws(FaceqError) -> Verdict,
    locate: @escaping (NetworkInput) throws(FaceqError) -> (verdict: Verdict, landmarks: [Point])
  ) {
    self.propose = propose
    self.refine = refine
    self.locate = locate
  }
}

/// The faces in `image`, best score first, found by MTCNN's cascade as facenet-pytorch 2.6.0 runs it.
/// - Throws: what the networks throw, and where a setting is out of its range.
package func detectFaces(
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

/// The most candidates at one scale: photos have some hundreds, and the time to thin them out grows with the square.
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
  var faces: [(box: CandidateBox, landmarks: [Point])] = []
  for var box in boxes {
    guard let input = image.networkInput(of: box, side: 48) else { continue }
    let (verdict, landmarks) = try networks.locate(input)
    guard verdict.faceProbability > settings.outputThreshold else { continue }
    box.score = verdict.faceProbability
    faces.append(
      (
        box.moved(by: verdict.offsets, unitWidth: box.columns, unitHeight: box.rows),
        landmarks.map { Point(x: $0.x * box.columns + box.left - 1, y: $0.y * box.rows + box.top - 1) }
      ))
  }
  return nonMaximumSuppression(faces.map { $0.box }, threshold: 0.7, mode: .minimum).map { index in
    let (box, landmarks) = faces[index]
    return DetectedFace(
      box: FaceBox(left: box.left - 1, top: box.top - 1, right: box.right - 1, bottom: box.bottom - 1),
      score: box.score, landmarks: landmarks)
  }
}

extension RGBImage {
  /// The part of the picture in `box` at `side` × `side` pixels; nil when the box lies outside of the picture.
  fileprivate func networkInput(of box: CandidateBox, side: Int) -> NetworkInput? {
    guard let (rows, columns) = box.covered(width: width, height: height) else { return nil }
    return NetworkInput(self, rows: rows, columns: columns, width: side, height: side)
  }
}
