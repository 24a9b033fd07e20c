import FaceqSupport

extension ONNXModel {
  /// The graph as operators with known shapes, for one picture.
  ///
  /// - Parameter size: the picture's size, where it is not what the file declares. Without either, the picture is
  ///   112 × 112 for a network with one output, 640 × 640 for one with several.
  /// - Throws: one message that names the file and every node that cannot be computed.
  package func operators(size: RowsAndColumns? = nil) throws(FaceqError) -> OperatorGraph {
    let nodes = try liveNodes()
    try refuseQuantised(nodes)
    let image = try imageInput(nodes)
    var translation = OperatorTranslation(self, image: image, shape: try shape(of: image, size: size))
    let read = Set(nodes.flatMap(\.inputs)).union(graph.outputs.map(\.name))
    var faults = NodeFaults()
    for node in nodes {
      do throws(NodeFault) {
        if translation.dependsOnUnknown(node) {
          // What such a node computes cannot be told, but whether faceq knows its operator can.
          if !OperatorTranslation.knows(node) { throw NodeFault(nil) }
        } else {
          try translation.translate(node)
          for output in node.outputs where read.contains(output) && !translation.hasValue(output) {
            throw NodeFault("with more than one result that is read")
          }
        }
      } catch {
        faults.add(node, error)
      }
      translation.markUnknown(node)
    }
    guard faults.isEmpty else { throw faults.error(file) }
    for output in graph.outputs where !translation.addOutput(output.name) {
      throw file.error(
        "has an output, \(printable(output.name)), that does not depend on the image; export the network again")
    }
    return translation.graph.simplified()
  }

  // MARK: - Nodes in order

  /// The nodes that the outputs depend on, in the file's order, which has to be an order of execution.
  private func liveNodes() throws(FaceqError) -> [ONNXNode] {
    guard !graph.outputs.isEmpty else { throw file.damaged("its graph has no output") }
    var makers: [String: Int] = [:]
    for (position, node) in graph.nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard makers.updateValue(position, forKey: output) == nil, graph.initialisers[output] == nil else {
          throw file.damaged("two of its nodes make the value \(printable(output))")
        }
      }
    }
    let given = Set(graph.inputs.map(\.name))
    for (position, node) in graph.nodes.enumerated() {
      for input in node.inputs where !input.isEmpty && graph.initialisers[input] == nil && !given.contains(input) {
        guard let maker = makers[input] else {
          throw file.damaged("the node \(printable(node.label)) reads \(printable(input)), which nothing makes")
        }
        guard maker < position else {
          throw file.damaged(
            "the node \(printable(node.label)) reads \(printable(input)), which is only made by it or behind it: its "
              + "nodes form a cycle or are in no order")
        }
      }
    }
    var isLive = [Bool](repeating: false, count: graph.nodes.count)
    for output in graph.outputs {
      guard makers[output.name] != nil || given.contains(output.name) || graph.initialisers[output.name] != nil else {
        throw file.damaged("nothing makes its output \(printable(output.name))")
      }
      if let maker = makers[output.name] { isLive[maker] = true }
    }
    for position in graph.nodes.indices.reversed() where isLive[position] {
      for input in graph.nodes[position].inputs { if let maker = makers[input] { isLive[maker] = true } }
    }
    return graph.nodes.indices.filter { isLive[$0] }.map { graph.nodes[$0] }
  }

  private func refuseQuantised(_ nodes: [ONNXNode]) throws(FaceqError) {
    let quantised = nodes.filter { node in
      node.type.contains("QuantizeLinear") || node.type.hasPrefix("QLinear") || node.type.hasSuffix("Integer")
    }
    guard let first = quantised.first else { return }
    throw file.error(
      "is quantised already (\(quantised.count) nodes such as \(printable(first.type))); import the float model that it "
        + "was made from, and faceq quantises that")
  }

  // MARK: - The image

  private func imageInput(_ nodes: [ONNXNode]) throws(FaceqError) -> ONNXValue {
    let read = Set(nodes.flatMap(\.inputs))
    let inputs = graph.inputs.filter { read.contains($0.name) }
    guard inputs.count == 1, let image = inputs.first else {
      let names = inputs.map { printable($0.name) }.joined(separator: ", ")
      throw file.error(
        inputs.isEmpty
          ? "computes nothing from an image; export the network with its input"
          : "has \(inputs.count) inputs (\(names)) where faceq gives one, the image; export the network with that alone"
      )
    }
    return image
  }

  /// The image's shape, in the file's order of axes: channels first, or last as TensorFlow has them.
  private func shape(of image: ONNXValue, size: RowsAndColumns?) throws(FaceqError) -> [Int] {
    let declared = image.shape ?? [nil, 3, nil, nil]
    func refused(_ what: String) -> FaceqError {
      let shown = declared.map { $0.map(String.init) ?? "?" }.joined(separator: "×")
      return file.error("takes an input of \(shown), \(what)")
    }
    guard declared.count == 4 else { throw refused("which is no image; faceq imports networks of one RGB picture") }
    let channelsLast = declared[1] != 3 && declared[3] == 3
    let axes = channelsLast ? (rows: 1, columns: 2, channels: 3) : (rows: 2, columns: 3, channels: 1)
    guard declared[axes.channels] ?? 3 == 3 else {
      throw refused("which is no picture of three channels; faceq imports networks of one RGB picture")
    }
    let side = graph.outputs.count == 1 ? 112 : 640
    let rows = size?.rows ?? declared[axes.rows] ?? side
    let columns = size?.columns ?? declared[axes.columns] ?? side
    guard (1...1 << 14).contains(rows), (1...1 << 14).contains(columns) else {
      throw refused("and faceq computes pictures of up to 16384×16384")
    }
    return channelsLast ? [1, rows, columns, 3] : [1, 3, rows, columns]
  }
}
