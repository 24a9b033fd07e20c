/// What a node of an ONNX file computes, in one form for every opset and every exporter's habit.
///
/// Planes are [1][channel][row][column] unless something reshapes or transposes them; channels are axis 1.
package enum ONNXOperator: Sendable, Equatable {
  case convolution(ONNXConvolution)
  case transposedConvolution(ONNXConvolution)
  /// Weights are [output][input]; there is a bias for each output, or none.
  case linear(weights: [Float], bias: [Float]?)
  /// `x · scale + shift`, with one number for all channels or one for each: BatchNormalization, and arithmetic with
  /// constants.
  case affine(scale: [Float], shift: [Float])
  /// `x < 0 ? x · slope : x`, with one slope for all channels or one for each: PRelu and LeakyRelu.
  case prelu(slopes: [Float])
  /// Relu is 0…∞, Relu6 is 0…6.
  case clip(minimum: Float, maximum: Float)
  case sigmoid
  /// `clip(x · slope + offset, 0, 1)`.
  case hardSigmoid(slope: Float, offset: Float)
  /// `x · clip(x / 6 + 1/2, 0, 1)`.
  case hardSwish
  case squareRoot
  case reciprocal
  /// Over these axes together.
  case softmax(axes: [Int])
  /// Of two planes, broadcast.
  case binary(BinaryArithmetic)
  case reduce(Reduction, axes: [Int])
  /// Divided by the Euclidean length along these axes.
  case normalise(axes: [Int])
  case maxPool(ONNXPool)
  /// With `countsPadding` padding counts as zeros.
  case averagePool(ONNXPool, countsPadding: Bool)
  /// Every pixel becomes `rows` × `columns` equal ones.
  case resizeNearest(rows: Int, columns: Int)
  case concatenate(axis: Int)
  /// Every `step`-th element of an axis from `start` on, as many as the result is long; a step may be negative.
  case slice(axis: Int, start: Int, step: Int)
  /// Elements of `value` in front of each axis and behind it.
  case pad(front: [Int], behind: [Int], value: Float)
  /// The same elements in the same row-major order, in the result's shape.
  case reshape
  /// Axis `i` of the result is axis `order[i]` of the operand.
  case transpose(order: [Int])
  /// Stretched to the result's shape.
  case expand
}

extension ONNXOperator {
  /// What messages call it: the name of the operator in ONNX that is nearest to it.
  var word: String {
    switch self {
    case .convolution: "Conv"
    case .transposedConvolution: "ConvTranspose"
    case .linear: "Gemm"
    case .affine: "scale and shift"
    case .prelu: "PRelu"
    case .clip: "Clip"
    case .sigmoid: "Sigmoid"
    case .hardSigmoid: "HardSigmoid"
    case .hardSwish: "HardSwish"
    case .squareRoot: "Sqrt"
    case .reciprocal: "Reciprocal"
    case .softmax: "Softmax"
    case .binary(.add): "Add"
    case .binary(.subtract): "Sub"
    case .binary(.multiply): "Mul"
    case .binary(.divide): "Div"
    case .reduce(.mean, _): "ReduceMean"
    case .reduce(.sum, _): "ReduceSum"
    case .reduce(.maximum, _): "ReduceMax"
    case .reduce(.euclideanLength, _): "ReduceL2"
    case .normalise: "LpNormalization"
    case .maxPool: "MaxPool"
    case .averagePool: "AveragePool"
    case .resizeNearest: "Resize"
    case .concatenate: "Concat"
    case .slice: "Slice"
    case .pad: "Pad"
    case .reshape: "Reshape"
    case .transpose: "Transpose"
    case .expand: "Expand"
    }
  }
}

package enum BinaryArithmetic: Sendable { case add, subtract, multiply, divide }

/// Results keep the axes, each with a length of 1.
package enum Reduction: Sendable { case mean, sum, maximum, euclideanLength }

package struct RowsAndColumns: Sendable, Equatable {
  package var rows: Int
  package var columns: Int

  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }
}

/// Pixels on each side.
package struct Sides: Sendable, Equatable {
  package var top = 0
  package var left = 0
  package var bottom = 0
  package var right = 0

  package init(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  static func + (a: Self, b: Self) -> Self {
    Self(top: a.top + b.top, left: a.left + b.left, bottom: a.bottom + b.bottom, right: a.right + b.right)
  }
}

/// What slides over a plane.
package struct ONNXWindow: Sendable, Equatable {
  package var kernel: RowsAndColumns
  package var strides: RowsAndColumns
  package var dilations: RowsAndColumns
  package var padding: Sides
}

package struct ONNXPool: Sendable, Equatable {
  package var window: ONNXWindow
  /// Whether a last window counts that begins inside the padded plane and ends outside.
  package var roundsUp: Bool
}

package struct ONNXConvolution: Sendable, Equatable {
  package var window: ONNXWindow
  package var groups: Int
  package var inputChannels: Int
  package var outputChannels: Int
  /// [output][input of the group][row][column]; of a transposed convolution [input][output of the group][row][column].
  package var weights: [Float]
  package var bias: [Float]?
}
