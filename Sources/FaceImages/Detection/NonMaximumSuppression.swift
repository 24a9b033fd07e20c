/// Which area the common area of two boxes is divided by.
package enum OverlapMode: Sendable {
  /// The area of both boxes together, each width · height.
  case union
  /// The area of the smaller box, columns · rows: a box inside a bigger one overlaps it fully.
  case minimum
}

/// The boxes that no better one overlaps by more than `threshold`, as indices into `boxes`, best score first; of equal
/// scores the earlier box wins.
package func nonMaximumSuppression(_ boxes: [CandidateBox], threshold: Float, mode: OverlapMode) -> [Int] {
  var kept: [Int] = []
  for candidate in boxes.indices.sorted(by: { (boxes[$1].score, $0) < (boxes[$0].score, $1) })
  where kept.allSatisfy({ !(overlap(boxes[$0], boxes[candidate], mode) > threshold) }) {
    kept.append(candidate)
  }
  return kept
}

private func overlap(_ first: CandidateBox, _ second: CandidateBox, _ mode: OverlapMode) -> Float {
  let common = CandidateBox(
    left: max(first.left, second.left), top: max(first.top, second.top), right: min(first.right, second.right),
    bottom: min(first.bottom, second.bottom), score: 0)
  switch mode {
  case .union:
    let shared = max(common.width, 0) * max(common.height, 0)
    return shared / (first.width * first.height + second.width * second.height - shared)
  case .minimum:
    let shared = max(common.columns, 0) * max(common.rows, 0)
    return shared / min(first.columns * first.rows, second.columns * second.rows)
  }
}
