import QuantRuntime

/// Finds the dictionary of tensors in what a pickle holds: itself, or within dictionaries of a training run's state.
struct TensorSearch {
  private struct Candidate {
    /// How the dictionary is reached: `optimizer.state`, or empty for the root.
    var path: String
    var tensors: [(name: String, tensor: PickledTensor)]
  }

  private let heap: PickleHeap
  private var candidates: [Candidate] = []
  private var visited: Set<Int> = []

  static func run(_ pickle: Unpickled, file: CheckpointFile) throws(FaceqError) -> [(
    name: String, tensor: PickledTensor
  )] {
    var search = TensorSearch(heap: pickle.heap)
    search.visit(pickle.root, path: [])
    return try search.choose(file: file)
  }

  private init(heap: PickleHeap) { self.heap = heap }

  private mutating func visit(_ value: PickleValue, path: [String]) {
    guard case .dictionary(let dictionary) = value, path.count <= 3, visited.insert(dictionary).inserted else { return }
    var tensors: [(name: String, tensor: PickledTensor)] = []
    for case (.string(let name), .tensor(let tensor)) in heap.dictionaries[dictionary] {
      tensors.append((name, heap.tensors[tensor]))
    }
    if !tensors.isEmpty { candidates.append(Candidate(path: path.joined(separator: "."), tensors: tensors)) }
    for (key, child) in heap.dictionaries[dictionary] {
      guard case .string(let name) = key else { continue }
      visit(child, path: path + [name])
    }
  }

  private func choose(file: CheckpointFile) throws(FaceqError) -> [(name: String, tensor: PickledTensor)] {
    // What training scripts call the network's state; an optimizer's, beside it, holds tensors too, and so may the root
    // (a best accuracy).
    for usual in ["state_dict", "net_state_dict", "model_state_dict", "model", "net", "network", "backbone", ""] {
      if let candidate = candidates.first(where: { $0.path == usual }) { return candidate.tensors }
    }
    guard candidates.count <= 1 else {
      let paths = candidates.prefix(8).map { printable($0.path) }.joined(separator: ", ")
      throw file.error(
        "holds several dictionaries of tensors (\(paths)) and none under a usual name; save the network's state_dict() "
          + "alone and import that")
    }
    return candidates.first?.tensors ?? []
  }
}
