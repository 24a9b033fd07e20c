/// The types of stored activations and weights.
public enum StoredValues: String, Sendable {
  case int8, int16, float

  /// The number of bytes of a value.
  @inlinable @inline(__always)
  public var bytes: Int {
    switch self {
    case .int8: 1
    case .int16: 2
    case .float: 4
    }
  }
}
