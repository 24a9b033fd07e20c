import FaceqSupport

extension PickleMachine {
  /// What a tensor or a storage takes of the budget: about its size in memory, in values.
  private static let tensorCost = 16

  /// The value that calling `global` would make in PyTorch.
  mutating func reduce(_ global: PickleGlobal, _ arguments: [PickleValue]) throws(FaceqError) -> PickleValue {
    switch global {
    case .orderedDictionary: return try orderedDictionary(arguments)
    case .rebuildTensor: return try tensor(arguments, type: nil)
    case .rebuildTypedTensor:
      guard arguments.count >= 7, case .global(.elementType(let type)) = arguments[6] else {
        throw damaged("rebuilds a tensor without an element type")
      }
      return try tensor(arguments, type: type)
    case .rebuildParameter:
      switch arguments.first {
      case .tensor?, .object?, .opaque?: return arguments[0]
      default: throw damaged("makes a parameter of something that is not a tensor")
      }
    case .size:
      guard arguments.count == 1, case .tuple = arguments[0] else { throw damaged("makes a size of something odd") }
      return arguments[0]
    case .device: return .opaque
    case .counter:
      guard case .dictionary? = arguments.first else { throw damaged("counts something that is not a dictionary") }
      return arguments[0]
    case .defaultDictionary: return try orderedDictionary([])
    case .storage, .elementType: throw damaged("calls a type as if it were a function")
    }
  }

  /// `OrderedDict()`, or Python 2's `OrderedDict([[key, value], …])`.
  private mutating func orderedDictionary(_ arguments: [PickleValue]) throws(FaceqError) -> PickleValue {
    var items: [(key: PickleValue, value: PickleValue)] = []
    if let argument = arguments.first {
      guard case .list(let list) = argument else { throw damaged("makes a dictionary of something odd") }
      try spend(heap.lists[list].count)
      for pair in heap.lists[list] {
        guard let members = members(pair), members.count == 2 else {
          throw damaged("makes a dictionary of something odd")
        }
        items.append((members[0], members[1]))
      }
    }
    heap.dictionaries.append(items)
    return .dictionary(heap.dictionaries.count - 1)
  }

  /// `(storage, offset, shape, strides, …)`
  private mutating func tensor(_ arguments: [PickleValue], type: ElementType?) throws(FaceqError) -> PickleValue {
    // Over a storage of numbers that faceq does not know: complex ones, say.
    if case .opaque? = arguments.first { return .opaque }
    guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3])
    else { throw damaged("rebuilds a tensor from something that is not a storage, an offset, a shape and strides") }
    try spend(Self.tensorCost)
    let pickled = heap.storages[storage]
    heap.tensors.append(
      PickledTensor(
        storage: pickled, type: type ?? pickled.type, offset: offset, shape: shape, strides: strides))
    return .tensor(heap.tensors.count - 1)
  }

  /// `("storage", type, key, device, element count)`, and in the legacy format a sixth member: nil, or the
  /// `(key, start, element count)` of a view.
  mutating func persistent(_ identifier: PickleValue) throws(FaceqError) -> PickleValue {
    if let members = members(identifier), members.count >= 5, case .unknown = members[1] { return .opaque }
    guard let members = members(identifier), members.count >= 5, case .string("storage") = members[0],
      case .global(.storage(let type)) = members[1], case .string(let key) = members[2],
      case .integer(let count) = members[4], count >= 0
    else { throw damaged("refers to something outside it that is not a storage") }

    var view = 0..<count
    if members.count > 5, let metadata = self.members(members[5]) {
      guard metadata.count == 3, case .integer(let start) = metadata[1], case .integer(let length) = metadata[2],
        start >= 0, length >= 0, start <= count, length <= count - start
      else { throw damaged("describes an impossible view of the storage \(printable(key))") }
      view = start..<start + length
    }
    try spend(Self.tensorCost)
    heap.storages.append(
      PickledStorage(
        key: key, type: type ?? .uint8, count: count, viewStart: view.lowerBound, viewCount: view.count))
    return .storage(heap.storages.count - 1)
  }

  private func members(_ value: PickleValue) -> [PickleValue]? {
    switch value {
    case .tuple(let tuple): heap.tuples[tuple]
    case .list(let list): heap.lists[list]
    default: nil
    }
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard let members = members(value), members.count <= 8 else { return nil }
    var integers: [Int] = []
    for member in members {
      guard case .integer(let integer) = member else { return nil }
      integers.append(integer)
    }
    return integers
  }
}
