extension OperatorTranslation {
  /// One node: its results are known from here on.
  mutating func translate(_ node: ONNXNode) throws(NodeFault) {
    guard Self.knows(node) else { throw NodeFault(nil) }
    if node.type == "Constant" { return bind(node, try constantValue(node)) }
    if isConstant(node) { return try fold(node) }
    switch node.type {
    case "Conv": try convolution(node)
    case "ConvTranspose": try transposedConvolution(node)
    case "MaxPool": try pool(node) { .maxPool($0) }
    case "AveragePool":
      let counts = try node.integer("count_include_pad") ?? 0 != 0
      try pool(node) { .averagePool($0, countsPadding: counts) }
    case "GlobalAveragePool": try globalPool(node, .mean)
    case "GlobalMaxPool": try globalPool(node, .maximum)
    case "ReduceMean": try reduce(node, .mean)
    case "ReduceSum": try reduce(node, .sum)
    case "ReduceMax": try reduce(node, .maximum)
    case "ReduceL2": try reduce(node, .euclideanLength)
    case "ReduceSumSquare": try reduce(node, .sum, ofSquares: true)
    case "LpNormalization": try lpNormalisation(node)
    case "BatchNormalization": try batchNormalisation(node)
    case "Gemm": try gemm(node)
    case "MatMul": try matrixProduct(node)

    case "Add": try arithmetic(node, .add)
    case "Sub": try arithmetic(node, .subtract)
    case "Mul": try arithmetic(node, .multiply)
    case "Div": try arithmetic(node, .divide)
    case "Sum": try sum(node)
    case "Min": try limit(node, isMinimum: true)
    case "Max": try limit(node, isMinimum: false)
    case "Pow": try power(node)
    case "Neg":
      try replace(node, .affine(scale: [-1], shift: [0]))
    case "Sqrt": try replace(node, .squareRoot)
    case "Reciprocal": try replace(node, .reciprocal)

    case "Relu": try replace(node, .clip(minimum: 0, maximum: .infinity))
    case "Clip": try clip(node)
    case "LeakyRelu": try leakyRelu(node)
    case "PRelu": try prelu(node)
    case "Sigmoid": try replace(node, .sigmoid)
    case "HardSigmoid": try hardSigmoid(node)
    case "HardSwish": try replace(node, .hardSwish)
    case "Softmax": try softmax(node)

    case "Resize", "Upsample": try resize(node)
    case "Concat": try concatenate(node)
    case "Slice": try slice(node)
    case "Split": try split(node)
    case "Gather": try gather(node)
    case "Pad": try pad(node)
    case "Expand": try expand(node)
    case "Transpose": try transpose(node)
    case "Reshape": try reshape(node)
    case "Flatten": try flatten(node)
    case "Squeeze": try squeeze(node)
    case "Unsqueeze": try unsqueeze(node)

    case "Identity", "Dropout": alias(node)
    case "Cast":
      guard let target = try node.integer("to"), ONNXDataType.isFloat(target) else { throw NodeFault("to integers") }
      alias(node)
    case "Shape": bind(node, .constant(ONNXConstant(list: try extent(node, of: graph.shapes[try plane(node, 0)]))))
    case "Size":
      bind(node, .constant(ONNXConstant(shape: [], integers: [graph.shapes[try plane(node, 0)].reduce(1, *)])))
    default: throw NodeFault("of what is computed from the image")
    }
  }

  /// Whether faceq computes this operator at all, with the right operands.
  static func knows(_ node: ONNXNode) -> Bool { node.domain.isEmpty && operators.contains(node.type) }

  private static let operators: Set<String> = [
    "Abs", "Add", "And", "AveragePool", "BatchNormalization", "Cast", "Ceil", "Clip", "Concat", "Constant",
    "ConstantOfShape", "Conv", "ConvTranspose", "Div", "Dropout", "Equal", "Expand", "Flatten", "Floor", "Gather",
    "Gemm",
    "GlobalAveragePool", "GlobalMaxPool", "Greater", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Less",
    "LpNormalization", "MatMul", "Max", "MaxPool", "Min", "Mul", "Neg", "Not", "Or", "PRelu", "Pad", "Pow", "Range",
    "Reciprocal", "ReduceL2", "ReduceMax", "ReduceMean", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Relu",
    "Reshape",
    "Resize", "Shape", "Sigmoid", "Size", "Slice", "Softmax", "Split", "Sqrt", "Squeeze", "Sub", "Sum", "Transpose",
    "Unsqueeze", "Upsample", "Where",
  ]
}
