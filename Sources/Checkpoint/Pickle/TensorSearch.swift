/// Finds the dictionaries of tensors in what a pickle holds: itself, dictionaries within it, and modules that were saved
/// as a whole.
struct TensorSearch {
  private let heap: PickleHeap
  private var found: [CheckpointContents.Dictionary] = []
  private var visited: Set<Int> = []
  private var visitedObjects: Set<Int> = []

  /// A training run's state is not nested deeper, and a hostile file's must not make the search recurse.
  private static let largestDepth = 4
  /// Modules within modules.
  private static let largestModuleDepth = 16

  static func run(_ pickle: Unpickled) -> [CheckpointContents.Dictionary] {
    var search = TensorSearch(heap: pickle.heap)
    search.visit(pickle.root, path: [])
    return search.found
  }

  private init(heap: PickleHeap) { self.heap = heap }

  private mutating func visit(_ value: PickleValue, path: [String]) {
    guard path.count < Self.largestDepth else { return }
    if case .object(let object) = value { return visitModule(object, path: path) }
    guard case .dictionary(let dictionary) = value, visited.insert(dictionary).inserted else { return }
    var tensors = CheckpointContents.Dictionary(path: path.joined(separator: "."), tensors: [])
    for case (.string(let name), let value) in heap.dictionaries[dictionary] {
      switch value {
      case .tensor(let tensor): tensors.tensors.append((name, .pickled(heap.tensors[tensor])))
      case .object(let object): tensors.unknown.append((name, heap.unknownNames[heap.objects[object].name]))
      default: break
      }
    }
    if !tensors.tensors.isEmpty { found.append(tensors) }
    for case (.string(let name), let child) in heap.dictionaries[dictionary] { visit(child, path: path + [name]) }
  }

  /// A module's tensors, under the names that its `state_dict()` would give them, where the object is one.
  private mutating func visitModule(_ object: Int, path: [String]) {
    var tensors: [(name: String, tensor: StoredTensor)] = []
    collect(object, prefix: "", depth: 0, into: &tensors)
    if !tensors.isEmpty {
      found.append(CheckpointContents.Dictionary(path: path.joined(separator: "."), tensors: tensors))
    }
  }

  private mutating func collect(
    _ object: Int, prefix: String, depth: Int, into tensors: inout [(name: String, tensor: StoredTensor)]
  ) {
    guard depth < Self.largestModuleDepth, visitedObjects.insert(object).inserted,
      case .dictionary(let state)? = heap.objects[object].state
    else { return }
    for group in ["_parameters", "_buffers"] {
      for case (let name, .tensor(let tensor)) in members(group, of: state) {
        tensors.append((prefix + name, .pickled(heap.tensors[tensor])))
      }
    }
    for case (let name, .object(let child)) in members("_modules", of: state) {
      collect(child, prefix: "\(prefix)\(name).", depth: depth + 1, into: &tensors)
    }
  }

  private func members(_ group: String, of state: Int) -> [(name: String, value: PickleValue)] {
    for case (.string(group), .dictionary(let dictionary)) in heap.dictionaries[state] {
      var members: [(name: String, value: PickleValue)] = []
      for case (.string(let name), let value) in heap.dictionaries[dictionary] { members.append((name, value)) }
      return members
    }
    return []
  }
}
