import FaceqSupport

/// Why one node cannot be translated. All of a file's are told at once.
struct NodeFault: Error {
  /// Continues "Conv (node 3) …"; nil where faceq does not know the operator at all.
  var reason: String?

  init(_ reason: String?) { self.reason = reason }
}

/// The faults of a file's nodes, told operator by operator.
struct NodeFaults {
  private var nodes: [String: [String]] = [:]
  private var order: [String] = []

  var isEmpty: Bool { order.isEmpty }

  mutating func add(_ node: ONNXNode, _ fault: NodeFault) {
    let kind = printable(node.fullType) + (fault.reason.map { " " + $0 } ?? "")
    if nodes[kind] == nil { order.append(kind) }
    nodes[kind, default: []].append(printable(node.label))
  }

  func error(_ file: CheckpointFile) -> FaceqError {
    let shown = 100
    let lines = order.prefix(shown).map { kind in
      let labels = nodes[kind] ?? []
      let rest = labels.count > shown ? ", … and \(labels.count - shown) more" : ""
      return "  \(kind): " + labels.prefix(shown).joined(separator: ", ") + rest
    }
    let rest = order.count > shown ? ["  … and \(order.count - shown) more"] : []
    return file.error(
      "has nodes that faceq cannot compute; export the network without them, or simplify the file (onnxsim) where they "
        + "only compute shapes:\n" + (lines + rest).joined(separator: "\n"))
  }
}
