/// An ONNX graph as operators in execution order, its shapes known, for a batch of one.
package struct OperatorGraph: Sendable {
  /// The value that the image is.
  package static let image = 0

  package var inputName: String
  /// The shape of each value; values are numbered from the image, 0, on.
  package var shapes: [[Int]]
  package var operations: [ONNXOperation] = []
  package var outputs: [ONNXOutput] = []

  /// How often each value is read, by operations and as an output.
  var readers: [Int] {
    var counts = [Int](repeating: 0, count: shapes.count)
    for operation in operations { for input in operation.inputs { counts[input] += 1 } }
    for output in outputs { counts[output.value] += 1 }
    return counts
  }

  /// For each value the position of the operation that makes it; nil for the image.
  var makers: [Int?] {
    var makers = [Int?](repeating: nil, count: shapes.count)
    for (position, operation) in operations.enumerated() { makers[operation.output] = position }
    return makers
  }
}

package struct ONNXOperation: Sendable {
  /// The node's name in the file, for messages and listings.
  package var name: String
  package var kind: ONNXOperator
  package var inputs: [Int]
  package var output: Int
}

package struct ONNXOutput: Sendable, Equatable {
  package var name: String
  package var value: Int
}
