package import FaceqSupport

extension Photo {
  /// What faces are cut from, whatever size was searched: the photo in full around their landmarks.
  ///
  /// - Parameter searched: the whole photo as it was searched, which serves where it is in full.
  package func surroundings(of faces: [[Point]], searched: PhotoPart) throws(FaceqError) -> PhotoPart {
    searched.reduction == 1 || faces.isEmpty ? searched : try surroundings(of: faces)
  }

  /// The photo in full around faces: as much of it as aligning them needs, with variations, too.
  ///
  /// - Parameter faces: five landmarks of each, in pixels of the photo; those that cannot be aligned do not count.
  /// - Throws: as `whole`.
  package func surroundings(of faces: [[Point]]) throws(FaceqError) -> PhotoPart {
    let corners = faces.flatMap { landmarks in
      guard let transform = SimilarityTransform.leastSquares(from: landmarks, to: FaceTemplate.arcFace112) else {
        return [] as [Point]
      }
      // Of 112 × 112 pixels; variations turn, enlarge and shift a corner by less than 28 of them.
      let (first, last): (Float, Float) = (-28, 140)
      return [(first, first), (last, first), (first, last), (last, last)]
        .map { transform.inverse.applied(to: Point(x: $0, y: $1)) }
    }
    return try part(
      columns: Self.range(corners.map { $0.x }, within: width), rows: Self.range(corners.map { $0.y }, within: height))
  }

  /// From the least to the greatest value, as far as it is within 0..<`count`; never empty.
  private static func range(_ values: [Float], within count: Int) -> Range<Int> {
    let first = min(max(values.min() ?? 0, 0), Float(count - 1)).rounded(.down)
    let last = min(max(values.max() ?? 0, first), Float(count - 1)).rounded(.up)
    return min(Int(first), count - 1)..<min(Int(last), count - 1) + 1
  }
}
