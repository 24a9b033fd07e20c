import CSystem

/// CompreFace's number for how alike two faces are: a sigmoid of their embeddings' distance, with the coefficients of its
/// FaceNet; 0.71 for a cosine of 0.4.
func compreFaceSimilarity(_ cosine: Float) -> Double {
  let distance = max(2 - 2 * cosine, 0).squareRoot()
  return Double(1 / (1 + expf(-2 * (1.1817961 - distance) * 5.291995557)))
}

/// DeepStack's: 0.7 for a cosine of 0.4.
func deepStackSimilarity(_ cosine: Float) -> Float { (cosine + 1) / 2 }

/// The nearest whole number that is not negative.
func pixel(_ place: Float) -> Int { Int(min(max(place.rounded(), 0), 1e6)) }
