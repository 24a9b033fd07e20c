/// Arithmetic of one element each of two tensors; truth values are integers.
enum ConstantArithmetic: String {
  case add = "Add"
  case subtract = "Sub"
  case multiply = "Mul"
  case divide = "Div"
  case minimum = "Min"
  case maximum = "Max"
  case equal = "Equal"
  case less = "Less"
  case greater = "Greater"
  case and = "And"
  case or = "Or"

  /// Nil for a division by zero. Overflow wraps, as ONNX's integers do.
  func integer(_ a: Int, _ b: Int) -> Int? {
    switch self {
    case .add: a &+ b
    case .subtract: a &- b
    case .multiply: a &* b
    case .divide: b == 0 ? nil : a.dividedReportingOverflow(by: b).partialValue
    case .minimum: min(a, b)
    case .maximum: max(a, b)
    case .equal: a == b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .and: a != 0 && b != 0 ? 1 : 0
    case .or: a != 0 || b != 0 ? 1 : 0
    }
  }

  /// Nil for what makes truth values.
  func float(_ a: Float, _ b: Float) -> Float? {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .minimum: min(a, b)
    case .maximum: max(a, b)
    case .equal, .less, .greater, .and, .or: nil
    }
  }

  func truth(_ a: Float, _ b: Float) -> Int {
    switch self {
    case .equal: a == b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .greater: a > b ? 1 : 0
    default: 0
    }
  }

  /// Element by element, broadcast; nil where the shapes do not fit or an integer is divided by zero.
  func apply(_ a: ONNXConstant, _ b: ONNXConstant) -> ONNXConstant? {
    guard let shape = broadcastShape(a.shape, b.shape) else { return nil }
    let left = broadcastOffsets(a.shape, to: shape)
    let right = broadcastOffsets(b.shape, to: shape)
    if let x = a.integers, let y = b.integers {
      let results = zip(left, right).compactMap { integer(x[$0], y[$1]) }
      return results.count == left.count ? ONNXConstant(shape: shape, integers: results) : nil
    }
    let (x, y) = (a.floats, b.floats)
    let floats = zip(left, right).compactMap { float(x[$0], y[$1]) }
    if floats.count == left.count { return ONNXConstant(shape: shape, floats: floats) }
    return ONNXConstant(shape: shape, integers: zip(left, right).map { truth(x[$0], y[$1]) })
  }
}
