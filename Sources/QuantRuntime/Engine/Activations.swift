import SIMDKernels

/// The plane that a convolution reads. The convolution's weights decide whether it is of int8 or of int16.
enum Activations {
  case int8(Plane<Int8>)
  case int16(Plane<Int16>)

  var height: Int {
    switch self {
    case .int8(let plane): plane.height
    case .int16(let plane): plane.height
    }
  }

  var width: Int {
    switch self {
    case .int8(let plane): plane.width
    case .int16(let plane): plane.width
    }
  }

  var arithmetic: LayerDescription.Arithmetic {
    switch self {
    case .int8: .int8
    case .int16: .int16
    }
  }
}
