/// A vector in int8: `values · scale`.
struct QuantisedVector {
  let values: [Int8]
  let scale: Float
  /// The length of what quantising took away.
  let error: Float

  init(_ vector: ArraySlice<Float>) {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    let scale = largest / 127
    guard scale > 0 else {
      self.init(values: [Int8](repeating: 0, count: vector.count), scale: 0, error: 0)
      return
    }
    var squares: Float = 0
    var values: [Int8] = []
    values.reserveCapacity(vector.count)
    for component in vector {
      let rounded = (component / scale).rounded()
      let difference = component - rounded * scale
      squares += difference * difference
      values.append(Int8(max(-127, min(127, rounded))))
    }
    self.init(values: values, scale: scale, error: squares.squareRoot())
  }

  private init(values: [Int8], scale: Float, error: Float) {
    self.values = values
    self.scale = scale
    self.error = error
  }
}
