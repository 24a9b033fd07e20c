import FaceqSupport

extension Graph {
  /// Multiply-accumulates of every node, for a picture of a size; without one for that of the image node.
  ///
  /// - Throws: as `shapes(height:width:)` does, and where a node has too many.
  package func multiplyAccumulates(height: Int? = nil, width: Int? = nil) throws(FaceqError) -> [Int] {
    let shapes = try shapes(height: height, width: width)
    var work: [Int] = []
    work.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      let (products, overflow) = node.operation.products(
        input: node.inputs.first.map { shapes[$0] } ?? shapes[index], output: shapes[index])
      guard !overflow, products < GraphLimits.multiplyAccumulates else {
        throw FaceqError("\(label(index)) is too large")
      }
      work.append(products)
    }
    return work
  }

  /// Numbers in the layers of all nodes: weights, biases, slopes, scales and shifts.
  ///
  /// - Throws: as `shapes(height:width:)` does.
  package func parameters() throws(FaceqError) -> Int {
    let shapes = try shapes()
    return nodes.indices.reduce(0) { sum, index in
      guard let input = nodes[index].inputs.first else { return sum }
      return sum + nodes[index].operation.layerTensors(inputs: shapes[input].channels).reduce(0) { $0 + $1.count }
    }
  }
}

extension Operation {
  /// Multiplications of a node, and whether there are more than an integer holds.
  fileprivate func products(input: Extent, output: Extent) -> (Int, Bool) {
    switch self {
    case .convolution(let convolution), .linear(let convolution):
      output.count.multipliedReportingOverflow(by: convolution.weightsPerOutput(inputs: input.channels))
    case .transposedConvolution(let convolution):
      (input.pixels * convolution.outputs).multipliedReportingOverflow(
        by: convolution.weightsPerOutput(inputs: input.channels))
    case .gate(let gate): (2 * gate.hidden * input.channels, false)
    default: (0, false)
    }
  }
}
