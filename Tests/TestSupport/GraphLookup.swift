import FaceqSupport
import QuantRuntime

extension Graph {
  /// The convolution or linear layer of a name.
  package func convolution(_ name: String) -> Convolution? {
    guard let index = index(named: name) else { return nil }
    return switch nodes[index].operation {
    case .convolution(let convolution), .linear(let convolution): convolution
    default: nil
    }
  }
}

extension Graph<FloatLayer> {
  /// The tensors of a node: weights, bias and slopes of a convolution.
  package func tensors(_ name: String) -> [[Float]] { index(named: name).flatMap { nodes[$0].layer?.tensors } ?? [] }

  /// The graph with one value of a node's tensor changed.
  package func changing(_ name: String, tensor: Int, _ change: (inout [Float]) -> Void) throws -> Graph {
    guard let index = index(named: name), var tensors = nodes[index].layer?.tensors else {
      throw FaceqError("no node is called \(name)")
    }
    change(&tensors[tensor])
    var graph = self
    graph.nodes[index].layer = FloatLayer(nodes[index].operation, tensors: tensors)
    return graph
  }
}
