import QuantRuntime

/// Whether a network separates faces better with red and blue exchanged.
///
/// Where it is known who is who, by how much pictures of one person are closer than those of different persons. Where
/// it is not, by how close a picture and its mirror image are, which a trained network hardly tells apart. On
/// MobileFaceNet y1 the wrong order lowers the cosines of one person from 0.67 to 0.64 and those of mirror images from
/// 0.984 to 0.981: little, but for four faces in five.
package struct ChannelOrder: Sendable {
  /// One face's embeddings, as the model wants its channels and with red and blue exchanged.
  package struct Embeddings: Sendable {
    package var stated: [Float]
    package var exchanged: [Float]
    package var mirrored: [Float]
    package var exchangedMirrored: [Float]

    package init(stated: [Float], exchanged: [Float], mirrored: [Float], exchangedMirrored: [Float]) {
      self.stated = stated
      self.exchanged = exchanged
      self.mirrored = mirrored
      self.exchangedMirrored = exchangedMirrored
    }
  }

  private let faces: [Embeddings]
  private let people: [Int]?

  /// - Parameter people: who each face is, where that is known.
  package init(_ faces: [Embeddings], people: [Int]?) {
    self.faces = faces
    self.people = people
  }

  /// - Parameter order: the order that the model states.
  /// - Returns: the better order where the stated one is clearly the worse one.
  package func finding(stated order: ImageFormat.ChannelOrder) -> Finding? {
    guard faces.count >= fewestFacesToJudge else { return nil }
    // An untrained network neither recognises a mirror image nor has a right order.
    let mirror = PairedFigures(
      faces.map { (cosine($0.stated, $0.mirrored), cosine($0.exchanged, $0.exchangedMirrored)) })
    guard min(mirror.stated, mirror.exchanged) > 0.85 else { return nil }
    let (figures, what) =
      separation().map { ($0, "faces of one person are closer than those of others by") }
      ?? (mirror, "a face and its mirror image have a cosine of")
    guard figures.isClearlyBetterExchanged else { return nil }
    return Finding(
      .swappedChannels,
      "\(what) \(decimal(figures.exchanged, 3)) with red and blue exchanged and \(decimal(figures.stated, 3)) as the model has "
        + "them, better for \(percentText(figures.shareBetterExchanged)) of \(figures.count); import the checkpoint again for "
        + "channels in the order \(order.other.rawValue) and compare both models on pairs of faces")
  }

  /// For each face with another one of the same person: its mean cosine to those less that to everybody else.
  private func separation() -> PairedFigures? {
    guard let people else { return nil }
    var pairs: [(Float, Float)] = []
    for a in faces.indices {
      var (same, different) = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
      for b in faces.indices where a != b {
        let stated = Double(cosine(faces[a].stated, faces[b].stated))
        let exchanged = Double(cosine(faces[a].exchanged, faces[b].exchanged))
        if people[a] == people[b] {
          same = (same.0 + 1, same.1 + stated, same.2 + exchanged)
        } else {
          different = (different.0 + 1, different.1 + stated, different.2 + exchanged)
        }
      }
      guard same.0 > 0, different.0 > 0 else { continue }
      pairs.append(
        (Float(same.1 / same.0 - different.1 / different.0), Float(same.2 / same.0 - different.2 / different.0)))
    }
    return pairs.count >= fewestFacesToJudge ? PairedFigures(pairs) : nil
  }
}

/// One figure per face, measured in both orders.
private struct PairedFigures {
  let count: Int
  /// Means.
  let stated: Double
  let exchanged: Double
  let shareBetterExchanged: Double
  /// Mean difference over its standard error.
  private let significance: Double

  init(_ pairs: [(stated: Float, exchanged: Float)]) {
    count = pairs.count
    let total = Double(pairs.count)
    stated = pairs.reduce(0) { $0 + Double($1.stated) } / total
    exchanged = pairs.reduce(0) { $0 + Double($1.exchanged) } / total
    shareBetterExchanged = Double(pairs.count { $0.exchanged > $0.stated }) / total
    let difference = exchanged - stated
    let variance = pairs.reduce(0) { sum, pair in
      let deviation = Double(pair.exchanged) - Double(pair.stated) - difference
      return sum + deviation * deviation
    }
    significance = difference / max((variance / total / total).squareRoot(), 1e-12)
  }

  var isClearlyBetterExchanged: Bool { significance > 3 && shareBetterExchanged > 0.65 }
}
