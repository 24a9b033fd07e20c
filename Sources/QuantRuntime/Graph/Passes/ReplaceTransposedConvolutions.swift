import FaceqSupport

extension Graph<FloatLayer> {
  /// Replaces each transposed convolution whose kernel is a multiple of its stride by a convolution, which computes the
  /// outputs of all phases side by side, and the step that puts them in their places.
  ///
  /// With a stride s, a kernel of n · s and padding p: every phase of the output is an n × n convolution of the input
  /// with padding n − 1, and p pixels are cut off at the end.
  ///
  /// - Throws: where a transposed convolution is of another form.
  package func replacingTransposedConvolutions() throws(FaceqError) -> Graph {
    var builder = GraphBuilder<FloatLayer>()
    var places: [Int] = []
    for (index, node) in nodes.enumerated() {
      var node = node
      node.inputs = node.inputs.map { places[$0] }
      guard case .transposedConvolution(let transposed) = node.operation,
        case .convolution(let weights, let bias, let slopes) = node.layer
      else {
        builder.nodes.append(node)
        places.append(builder.nodes.count - 1)
        continue
      }
      let window = transposed.window
      let (stride, kernel, crop) = (window.stride.height, window.kernel.height, window.padding.top)
      guard window == Window(Size(kernel, kernel), stride: Size(stride, stride), padding: Padding(crop)),
        kernel.isMultiple(of: stride), transposed.grouping == .dense
      else {
        throw FaceqError(
          "\(label(index)) is a transposed convolution that is not dense or whose kernel is no multiple of its stride")
      }
      let taps = kernel / stride
      let inputs = weights.count / (transposed.outputs * kernel * kernel)
      var phases: [Float] = []
      for row in 0..<stride {
        for column in 0..<stride {
          for output in 0..<transposed.outputs {
            // The last input row that a phase reads meets the kernel's first rows.
            for tapRow in (0..<taps).reversed() {
              for tapColumn in (0..<taps).reversed() {
                let position = (output * kernel + row + tapRow * stride) * kernel + column + tapColumn * stride
                phases.append(contentsOf: weights[position * inputs..<(position + 1) * inputs])
              }
            }
          }
        }
      }
      func repeated(_ values: [Float]) -> [Float] { (0..<stride * stride).flatMap { _ in values } }
      let convolution = Convolution(
        outputs: transposed.outputs * stride * stride, Window(Size(taps, taps), padding: Padding(taps - 1)),
        activation: transposed.activation)
      let value = builder.add(
        node.name, .convolution(convolution), node.inputs,
        layer: .convolution(weights: phases, bias: repeated(bias), slopes: slopes.map(repeated)))
      places.append(builder.add("", .depthToSpace(DepthToSpace(factor: stride, crop: crop)), [value]))
    }
    return Graph(nodes: builder.nodes, outputs: outputs.map { places[$0] })
  }
}
