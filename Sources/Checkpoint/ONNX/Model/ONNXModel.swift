/// An ONNX file as it stands: nodes, initialisers and declarations by name, nothing interpreted yet.
package struct ONNXModel: Sendable {
  package var irVersion: Int
  /// The version of the standard operators that the nodes mean.
  package var opset: Int
  package var producer: String
  package var graph: ONNXGraph
  let file: CheckpointFile

  /// Bytes of the initialisers and constants, in this file and beside it.
  var storedBytes: Int
}

package struct ONNXGraph: Sendable {
  /// In the file's order.
  package var nodes: [ONNXNode] = []
  package var initialisers: [String: ONNXTensor] = [:]
  /// Those that are not initialisers too.
  package var inputs: [ONNXValue] = []
  package var outputs: [ONNXValue] = []
}

package struct ONNXNode: Sendable {
  package var type = ""
  /// Empty for the standard operators.
  package var domain = ""
  package var name = ""
  /// An empty name stands for an optional input that is left out.
  package var inputs: [String] = []
  package var outputs: [String] = []
  package var attributes: [String: ONNXAttribute] = [:]

  /// What messages call the node: its own name, or where it has none the value that it makes.
  package var label: String { name.isEmpty ? outputs.first { !$0.isEmpty } ?? "a node without a name" : name }

  /// The operator, with its domain where it is not a standard one.
  package var fullType: String { domain.isEmpty ? type : domain + "." + type }
}

package enum ONNXAttribute: Sendable {
  case float(Float)
  case integer(Int)
  case text(String)
  case tensor(ONNXTensor)
  case floats([Float])
  case integers([Int])
  /// Sub-graphs, sparse tensors, lists of texts: what no operator that can be read has.
  case other(String)
}

/// A graph's input or output as it is declared.
package struct ONNXValue: Sendable, Equatable {
  package var name: String
  /// Nil stands for a symbolic length; the whole is nil where nothing is declared.
  package var shape: [Int?]?
}
