import FaceqSupport

/// A network: operations in the order in which they are carried out, each on values that earlier ones wrote.
///
/// A value is one plane of height × width × channels, and is known by the index of the node that writes it. The float
/// network (`Graph<FloatLayer>`) and the quantised one (`Graph<QuantisedLayer>`) are the same graph with other numbers
/// at its nodes: topology, shapes, names and costs are written once, here. `Graph<Never>` is a topology alone.
///
/// The picture's size is not part of the graph, except for a size to begin with: `shapes(height:width:)` says what
/// every value's extent is for a picture of any size.
package struct Graph<Layer: Sendable>: Sendable {
  /// The first node, and no other, is the image.
  package var nodes: [Node<Layer>]
  /// The values that the graph hands out.
  package var outputs: [Int]

  package init(nodes: [Node<Layer>], outputs: [Int]) {
    self.nodes = nodes
    self.outputs = outputs
  }
}

/// One operation of a graph.
package struct Node<Layer: Sendable>: Sendable {
  /// Unique in its graph, as tensors in model files, recipes and reports name it: `blocks.3.body.1`. Empty where nobody
  /// needs to name the node, which then has no layer.
  package var name: String
  package var operation: Operation
  /// The values that it reads, all written by earlier nodes, in the order that the operation states.
  package var inputs: [Int]
  /// The numbers that belong to it, where the operation has some.
  package var layer: Layer?

  package init(_ name: String = "", _ operation: Operation, inputs: [Int] = [], layer: Layer? = nil) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
    self.layer = layer
  }
}

extension Graph: Equatable where Layer: Equatable {}
extension Node: Equatable where Layer: Equatable {}

extension Graph {
  /// The format of the picture, which the first node states.
  ///
  /// - Throws: where there is no such node.
  package var image: ImageFormat {
    get throws(FaceqError) {
      guard let first = nodes.first, case .image(let format) = first.operation else {
        throw FaceqError("the graph does not begin with an image")
      }
      return format
    }
  }

  /// What messages and reports call a node: its name, or its number where it has none.
  package func label(_ index: Int) -> String { nodes[index].name.isEmpty ? "%\(index)" : nodes[index].name }

  /// For each value the nodes that read it, in order; a node that reads it twice stands there twice.
  package var readers: [[Int]] {
    var readers = [[Int]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { readers[input].append(index) }
    }
    return readers
  }

  /// The node of this name.
  package func index(named name: String) -> Int? { nodes.firstIndex { $0.name == name } }

  /// The same topology with other numbers at its nodes.
  package func mapLayers<New: Sendable, Failure: Error>(
    _ layer: (_ index: Int, _ node: Node<Layer>) throws(Failure) -> New?
  ) throws(Failure) -> Graph<New> {
    var mapped: [Node<New>] = []
    mapped.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      mapped.append(
        Node<New>(node.name, node.operation, inputs: node.inputs, layer: try layer(index, node)))
    }
    return Graph<New>(nodes: mapped, outputs: outputs)
  }

  /// The graph without its numbers.
  package var topology: Graph<Never> { mapLayers { (_, _) throws(Never) in nil } }
}
