/// A tensor whose numbers are known at import: a weight, or a step of the arithmetic that exporters do with shapes.
package struct ONNXConstant: Sendable, Equatable {
  /// Row-major. Truth values are integers, 0 or 1.
  package enum Numbers: Sendable, Equatable {
    case integers([Int])
    case floats([Float])
  }

  package private(set) var shape: [Int]
  package private(set) var numbers: Numbers

  /// - Precondition: `integers` has as many elements as `shape` says.
  package init(shape: [Int], integers: [Int]) {
    precondition(integers.count == shape.reduce(1, *))
    self.shape = shape
    numbers = .integers(integers)
  }

  /// - Precondition: `floats` has as many elements as `shape` says.
  package init(shape: [Int], floats: [Float]) {
    precondition(floats.count == shape.reduce(1, *))
    self.shape = shape
    numbers = .floats(floats)
  }

  init(list: [Int]) { self.init(shape: [list.count], integers: list) }

  var count: Int {
    switch numbers {
    case .integers(let integers): integers.count
    case .floats(let floats): floats.count
    }
  }

  var floats: [Float] {
    switch numbers {
    case .integers(let integers): integers.map { Float($0) }
    case .floats(let floats): floats
    }
  }

  /// Nil where the numbers are not integers.
  var integers: [Int]? {
    if case .integers(let integers) = numbers { integers } else { nil }
  }

  /// The numbers cut off to integers; nil where one of them does not fit.
  var truncated: [Int]? {
    switch numbers {
    case .integers(let integers): return integers
    case .floats(let floats):
      let integers = floats.compactMap { Int(exactly: $0.rounded(.towardZero)) }
      return integers.count == floats.count ? integers : nil
    }
  }

  /// The same numbers under another shape of as many elements.
  func reshaped(_ shape: [Int]) -> Self {
    precondition(shape.reduce(1, *) == count)
    var copy = self
    copy.shape = shape
    return copy
  }

  /// The elements at `offsets` into the row-major order, in a new shape of as many elements.
  func picked(_ offsets: [Int], shape: [Int]) -> Self {
    switch numbers {
    case .integers(let integers): Self(shape: shape, integers: offsets.map { integers[$0] })
    case .floats(let floats): Self(shape: shape, floats: offsets.map { floats[$0] })
    }
  }
}
