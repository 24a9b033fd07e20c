package import FaceImages

/// The faces that no better one overlaps by more than `overlap` (0…1, the common area by that of both together), best
/// score first; of equal scores the earlier face counts as the better one, so that the answer is the same everywhere.
/// - Parameter limit: Only so many of the best are looked at, because the time to thin them out grows with the square.
package func bestFaces(_ faces: [DetectedFace], overlap: Float, limit: Int = 5000) -> [DetectedFace] {
  let order = faces.indices.filter { !faces[$0].score.isNaN }
    .sorted { (faces[$1].score, $0) < (faces[$0].score, $1) }
  var best: [DetectedFace] = []
  for index in order.prefix(limit) {
    let face = faces[index]
    if best.allSatisfy({ $0.box.overlap(with: face.box) <= Double(overlap) }) { best.append(face) }
  }
  return best
}
