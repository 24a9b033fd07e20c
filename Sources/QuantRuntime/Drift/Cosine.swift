/// The cosine of the angle between two vectors of the same length, accumulated in double; 0 where either of them is
/// zero or holds something that is not finite.
public func cosine(_ a: [Float], _ b: [Float]) -> Float {
  precondition(a.count == b.count)
  var (product, squaresOfA, squaresOfB) = (0.0, 0.0, 0.0)
  for index in 0..<a.count {
    let (x, y) = (Double(a[index]), Double(b[index]))
    product += x * y
    squaresOfA += x * x
    squaresOfB += y * y
  }
  let lengths = (squaresOfA * squaresOfB).squareRoot()
  guard lengths > 0, lengths.isFinite else { return 0 }
  return Float(product / lengths)
}
