/// What a node wants of a value that it reads.
enum Demand {
  /// Bytes, or int16 that its weights leave room for.
  case products
  /// int16, as an addition has it.
  case sum
  case float
  /// What it writes, which is the same numbers at other places.
  case asWritten
}

extension Operation {
  /// Whether the operation writes what it reads, at other places: input and output then have one form, and their
  /// channels the same scales.
  package var movesValues: Bool {
    switch self {
    case .maxPool, .averagePool, .upsample, .concatenate, .slice, .depthToSpace: true
    default: false
    }
  }

  private var demand: Demand {
    switch self {
    case .image, .convolution, .transposedConvolution, .linear: .products
    case .affine, .copy, .add, .multiply, .gate, .globalAverage: .sum
    case .maxPool, .averagePool, .upsample, .concatenate, .slice, .depthToSpace: .asWritten
    case .sigmoid, .softmax, .normalise: .float
    }
  }

  /// - Parameter position: among the values that the operation reads.
  func demand(at position: Int) -> Demand {
    switch self {
    // The gate.
    case .add where position == 2, .multiply where position == 1: .float
    default: demand
    }
  }
}

/// Which values are sums and which are floats, from the topology alone. The rules are in
/// `docs/how-it-works/graph.md`.
struct ValueKinds {
  private(set) var isSum: [Bool]
  private(set) var isFloat: [Bool]
  /// Of a convolution: whether it reads a sum as it is, because an addition alone reads what it writes, as its base.
  private(set) var isProjection: [Bool]

  init<Layer>(_ graph: Graph<Layer>) {
    let readers = graph.readers
    let count = graph.nodes.count
    isSum = [Bool](repeating: false, count: count)
    isFloat = isSum
    isProjection = isSum
    let outputs = Set(graph.outputs)
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      let demands = readers[index].flatMap { reader in
        graph.demands(of: reader, on: index).map { (reader, $0) }
      }
      switch node.operation {
      case .gate, .sigmoid, .softmax, .normalise: isFloat[index] = true
      case .add: isSum[index] = true
      default:
        let floats = demands.allSatisfy { reader, demand in
          demand == .float || demand == .asWritten && isFloat[reader]
        }
        isFloat[index] = floats && !(demands.isEmpty && !outputs.contains(index))
        isSum[index] =
          !isFloat[index]
          && demands.contains { reader, demand in
            switch demand {
            case .sum: !(isFloat[reader] && graph.nodes[reader].operation.isPlainCopy)
            case .asWritten: isSum[reader]
            case .products, .float: false
            }
          }
      }
      isProjection[index] = graph.isProjection(index, readers: readers, outputs: outputs)
    }
  }
}

extension Operation {
  /// Whether it only brings values to another form.
  package var isPlainCopy: Bool { self == .copy(.none) }
}

extension Graph {
  fileprivate func demands(of reader: Int, on value: Int) -> [Demand] {
    let node = nodes[reader]
    return node.inputs.indices.filter { node.inputs[$0] == value }.map { node.operation.demand(at: $0) }
  }

  fileprivate func isProjection(_ index: Int, readers: [[Int]], outputs: Set<Int>) -> Bool {
    guard case .convolution(let convolution) = nodes[index].operation, convolution.grouping == .dense,
      convolution.window.padding.isEmpty, !outputs.contains(index), readers[index].count == 1,
      case .add = nodes[readers[index][0]].operation
    else { return false }
    return nodes[readers[index][0]].inputs[0] == index
  }

  /// For each value the readers that cannot read it in its own form.
  ///
  /// - Returns: those that want operands of products, and those that want floats (`nodes.count` stands for the
  ///   outputs).
  func misfits(_ kinds: ValueKinds) -> [(operands: [Int], floats: [Int])] {
    var misfits = nodes.map { _ in (operands: [Int](), floats: [Int]()) }
    for (reader, node) in nodes.enumerated() {
      for (position, value) in node.inputs.enumerated() {
        let isFloat = kinds.isFloat[value]
        switch node.operation.demand(at: position) {
        case .products where kinds.isSum[value] && !kinds.isProjection[reader]:
          misfits[value].operands.append(reader)
        case .asWritten where kinds.isFloat[reader] && !isFloat: misfits[value].floats.append(reader)
        case .asWritten where kinds.isSum[value] && !kinds.isSum[reader]: misfits[value].operands.append(reader)
        case .float where !isFloat: misfits[value].floats.append(reader)
        default: break
        }
      }
    }
    for value in outputs where !kinds.isFloat[value] { misfits[value].floats.append(nodes.count) }
    return misfits
  }
}
