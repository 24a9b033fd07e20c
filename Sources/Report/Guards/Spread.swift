import QuantRuntime

/// How embeddings of different pictures fill the sphere.
package struct Spread: Sendable, Equatable {
  package let pictures: Int
  /// Mean cosine of two different pictures: near 0 for a network that tells faces apart, near 1 where it has collapsed.
  package let meanCosine: Double
  /// Participation ratio of the Gram matrix's eigenvalues, (Σλ)² / Σλ²: in how many directions the embeddings lie, at
  /// most the number of pictures.
  package let directions: Double

  /// - Parameter embeddings: of unit length, at least two.
  package init(_ embeddings: [[Float]]) {
    precondition(embeddings.count >= 2)
    let count = embeddings.count
    var (sum, squares) = (0.0, 0.0)
    for a in 0..<count {
      for b in a + 1..<count {
        let value = Double(cosine(embeddings[a], embeddings[b]))
        sum += value
        squares += value * value
      }
    }
    pictures = count
    meanCosine = sum / Double(count * (count - 1) / 2)
    // Σλ is the trace, here the number of pictures, and Σλ² the sum of all squared entries: no eigenvalue is computed.
    directions = Double(count * count) / (Double(count) + 2 * squares)
  }

  package var isCollapsed: Bool { meanCosine > 0.5 }

  /// - Parameter subject: whose embeddings these are, as `the float model`.
  package func findings(of subject: String) -> [Finding] {
    guard pictures >= fewestFacesToJudge else { return [] }
    if isCollapsed {
      return [
        Finding(
          .collapse,
          "two different pictures have a cosine of \(decimal(meanCosine, 2)) on average in \(subject) (a trained network: below "
            + "0.1); check that the pictures are aligned faces, the channels' order and the checkpoint")
      ]
    }
    guard directions < Double(min(pictures, 32)) / 6 else { return [] }
    return [
      Finding(
        .lowRank,
        "\(pictures) embeddings of \(subject) lie in \(decimal(directions, 1)) directions (a trained network: more than 20); "
          + "check that the pictures show different people, and the checkpoint")
    ]
  }
}
