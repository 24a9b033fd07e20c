/// What the proposal network says of every window of 12 × 12 pixels, 2 pixels apart, of its input.
package struct ProposalMap: Sendable {
  static let window = 12
  static let step = 2

  package var width: Int
  package var height: Int
  /// [row][column], the probability, after the softmax, that the window holds a face: 0…1.
  package var faceProbabilities: [Float]
  /// [row][column], how far the window's sides should move, in fractions of the window.
  package var offsets: [BoxOffsets]

  /// A map of `height` rows and `width` columns; each array holds `height · width` elements.
  package init(width: Int, height: Int, faceProbabilities: [Float], offsets: [BoxOffsets]) {
    precondition(
      faceProbabilities.count == height * width && offsets.count == height * width, "[height][width] are needed")
    self.width = width
    self.height = height
    self.faceProbabilities = faceProbabilities
    self.offsets = offsets
  }

  /// The windows with at least `threshold`, in pixels of the picture of which the network saw `scale` times the size,
  /// each with its offsets, which are not applied yet. `firstRow` is where the map's first row lies in that of the
  /// whole picture.
  package func candidates(
    scale: Double, threshold: Float, firstRow: Int = 0
  ) -> [(box: CandidateBox, offsets: BoxOffsets)] {
    var candidates: [(box: CandidateBox, offsets: BoxOffsets)] = []
    let scale = Float(scale)
    for row in 0..<height {
      for column in 0..<width where faceProbabilities[row * width + column] >= threshold {
        let (x, y) = (Float(Self.step * column), Float(Self.step * (firstRow + row)))
        let window = Float(Self.window)
        let box = CandidateBox(
          left: ((x + 1) / scale).rounded(.down), top: ((y + 1) / scale).rounded(.down),
          right: ((x + window) / scale).rounded(.down), bottom: ((y + window) / scale).rounded(.down),
          score: faceProbabilities[row * width + column])
        candidates.append((box, offsets[row * width + column]))
      }
    }
    return candidates
  }
}
