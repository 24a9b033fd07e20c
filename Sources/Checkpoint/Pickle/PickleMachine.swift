import FaceqSupport

/// Runs a pickle as far as a state dict needs it. No code is ever run: what a global outside `PickleGlobal` would make
/// is an object of which only its name and its state are kept, and an opcode outside `PickleOpcode` is an error that
/// names it.
struct PickleMachine {
  var heap = PickleHeap()
  private var reader: ByteReader
  private var stack: [PickleValue] = []
  /// Heights of the stack where marks were set.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  /// Values this pickle may still make; IR-SE50 needs some ten thousand.
  private var budget = 4_000_000

  static func run(_ file: CheckpointFile, _ range: Range<Int>, part: String) throws(FaceqError) -> Unpickled {
    var machine = PickleMachine(reader: ByteReader(file, range, part: part))
    return try machine.run()
  }

  private init(reader: ByteReader) { self.reader = reader }

  var file: CheckpointFile { reader.file }

  /// An error for a pickle that makes no sense; where it names a function that faceq does not know, that is said
  /// instead, because such a function decides what would have made sense.
  func damaged(_ what: String) -> FaceqError {
    heap.unknownNames.first.map(file.refusing)
      ?? file.damaged("\(reader.part) \(what), at byte \(reader.position)")
  }

  private mutating func run() throws(FaceqError) -> Unpickled {
    while true {
      let byte: UInt8 = try reader.integer()
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw needless(byte)
      }
      if opcode == .stop { break }
      try execute(opcode)
    }
    return Unpickled(root: try pop(), heap: heap, end: reader.position)
  }

  /// The error for an opcode, or a use of one, that no state dict has.
  private func needless(_ byte: UInt8) -> FaceqError {
    file.error(
      "has the opcode \(PickleOpcode.name(byte)) in \(reader.part), at byte \(reader.position - 1), which a state "
        + "dict has no need of; save the network's state_dict() in PyTorch and import that")
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(FaceqError) {
    switch opcode {
    case .proto:
      let version: UInt8 = try reader.integer()
      guard (2...5).contains(version) else { throw damaged("is of an unknown protocol, \(version)") }
    case .frame: _ = try reader.size(UInt64.self)
    case .stop: break
    case .mark:
      try spend(1)
      marks.append(stack.count)

    case .none: try push(.none)
    case .newTrue: try push(.bool(true))
    case .newFalse: try push(.bool(false))
    case .binInt: try push(.integer(Int(try reader.integer(Int32.self))))
    case .binInt1: try push(.integer(Int(try reader.integer(UInt8.self))))
    case .binInt2: try push(.integer(Int(try reader.integer(UInt16.self))))
    case .long1: try pushLong(byteCount: Int(try reader.integer(UInt8.self)))
    case .long4: try pushLong(byteCount: try reader.size(UInt32.self))
    case .binFloat:
      _ = try reader.take(8)
      try push(.opaque)
    case .binUnicode: try pushText(byteCount: try reader.size(UInt32.self))
    case .shortBinUnicode, .shortBinString: try pushText(byteCount: Int(try reader.integer(UInt8.self)))
    case .binUnicode8: try pushText(byteCount: try reader.size(UInt64.self))
    case .binString: try pushText(byteCount: try reader.size(UInt32.self))
    case .binBytes:
      _ = try reader.take(try reader.size(UInt32.self))
      try push(.opaque)
    case .shortBinBytes:
      _ = try reader.take(Int(try reader.integer(UInt8.self)))
      try push(.opaque)
    case .binBytes8, .byteArray8:
      _ = try reader.take(try reader.size(UInt64.self))
      try push(.opaque)

    case .emptyTuple: try pushTuple([])
    case .tuple1: try pushTuple(try pop(1))
    case .tuple2: try pushTuple(try pop(2))
    case .tuple3: try pushTuple(try pop(3))
    case .tuple: try pushTuple(try popToMark())
    case .emptyList:
      try push(.list(heap.lists.count))
      heap.lists.append([])
    case .append: try append(try pop(1))
    case .appends: try append(try popToMark())
    case .emptyDictionary: try pushDictionary([])
    case .setItem: try setItems(try pop(2))
    case .setItems: try setItems(try popToMark())
    case .emptySet: try push(.opaque)
    case .addItems:
      _ = try popToMark()
      guard case .opaque? = stack.last else { throw damaged("adds members to something that is not a set") }
    case .frozenSet:
      _ = try popToMark()
      try push(.opaque)

    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()
    case .duplicate:
      guard let value = stack.last else { throw damaged("takes a value that is not there") }
      try push(value)

    case .binPut: try remember(Int(try reader.integer(UInt8.self)))
    case .longBinPut: try remember(try reader.size(UInt32.self))
    case .memoize: try remember(memo.count)
    case .binGet: try recall(Int(try reader.integer(UInt8.self)))
    case .longBinGet: try recall(try reader.size(UInt32.self))

    case .global: try pushGlobal(module: try reader.line(), name: try reader.line())
    case .stackGlobal:
      let names = try pop(2)
      guard case .string(let module) = names[0], case .string(let name) = names[1] else {
        throw damaged("names a global that is not a text")
      }
      try pushGlobal(module: module, name: name)
    case .reduce:
      let call = try pop(2)
      if case .unknown(let name) = call[0] {
        try pushObject(name)
      } else if case .global(let global) = call[0], case .tuple(let arguments) = call[1] {
        try push(try reduce(global, heap.tuples[arguments]))
      } else {
        throw damaged("calls something that is not a function")
      }
    case .newObject, .newObjectEx:
      let operands = try pop(opcode == .newObject ? 2 : 3)
      guard case .unknown(let name) = operands[0] else {
        throw heap.unknownNames.first.map(file.refusing) ?? needless(opcode.rawValue)
      }
      try pushObject(name)
    case .build:
      let state = try pop()
      switch stack.last {
      case .object(let object): heap.objects[object].state = state
      // An OrderedDict's attributes: PyTorch keeps version numbers there (`_metadata`).
      case .dictionary: break
      default: throw damaged("sets attributes of something that has none")
      }
    case .binPersistentID: try push(try persistent(try pop()))
    }
  }
}

// MARK: - The stack and the memo

extension PickleMachine {
  mutating func spend(_ count: Int) throws(FaceqError) {
    budget -= count
    guard budget >= 0 else { throw damaged("holds far more values than a state dict could") }
  }

  mutating func push(_ value: PickleValue) throws(FaceqError) {
    try spend(1)
    stack.append(value)
  }

  private mutating func pop() throws(FaceqError) -> PickleValue { try pop(1)[0] }

  /// The last `count` values, in the order they were pushed.
  private mutating func pop(_ count: Int) throws(FaceqError) -> [PickleValue] {
    guard stack.count - count >= marks.last ?? 0 else { throw damaged("takes a value that is not there") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(FaceqError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw damaged("refers to a mark that is not there") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func remember(_ index: Int) throws(FaceqError) {
    guard let value = stack.last else { throw damaged("takes a value that is not there") }
    try spend(1)
    memo[index] = value
  }

  private mutating func recall(_ index: Int) throws(FaceqError) {
    guard let value = memo[index] else { throw damaged("recalls a value that it never stored (\(index))") }
    try push(value)
  }
}

// MARK: - Making values

extension PickleMachine {
  private mutating func pushText(byteCount: Int) throws(FaceqError) {
    guard byteCount <= 1 << 20 else { throw damaged("holds a text of \(byteCount) bytes") }
    try spend(byteCount / 16)
    try push(.string(try reader.text(byteCount)))
  }

  private mutating func pushLong(byteCount: Int) throws(FaceqError) {
    let range = try reader.take(byteCount)
    guard byteCount <= 8 else { return try push(.opaque) }
    var bits: UInt64 = 0
    for (position, byte) in file.bytes[range].enumerated() { bits |= UInt64(byte) << UInt64(8 * position) }
    let unused = UInt64(64 - 8 * byteCount)
    // Shifting there and back extends the sign; of no bytes at all, the value is 0.
    try push(.integer(byteCount == 0 ? 0 : Int(Int64(bitPattern: bits << unused) >> Int64(unused))))
  }

  mutating func pushTuple(_ members: [PickleValue]) throws(FaceqError) {
    try push(.tuple(heap.tuples.count))
    heap.tuples.append(members)
  }

  private mutating func pushDictionary(
    _ items: [(key: PickleValue, value: PickleValue)]
  ) throws(FaceqError) {
    try push(.dictionary(heap.dictionaries.count))
    heap.dictionaries.append(items)
  }

  private mutating func append(_ values: [PickleValue]) throws(FaceqError) {
    switch stack.last {
    case .list(let list): heap.lists[list] += values
    case .object: break
    default: throw damaged("appends to something that is not a list")
    }
  }

  private mutating func setItems(_ keysAndValues: [PickleValue]) throws(FaceqError) {
    if case .object? = stack.last { return }
    guard case .dictionary(let dictionary)? = stack.last, keysAndValues.count.isMultiple(of: 2) else {
      throw damaged("sets items of something that is not a dictionary")
    }
    for item in stride(from: 0, to: keysAndValues.count, by: 2) {
      heap.dictionaries[dictionary].append((keysAndValues[item], keysAndValues[item + 1]))
    }
  }

  private mutating func pushGlobal(module: String, name: String) throws(FaceqError) {
    if let global = PickleGlobal(module: module, name: name) { return try push(.global(global)) }
    try spend((module.utf8.count + name.utf8.count) / 16)
    try push(.unknown(heap.unknownNames.count))
    heap.unknownNames.append(module + "." + name)
  }

  private mutating func pushObject(_ name: Int) throws(FaceqError) {
    try push(.object(heap.objects.count))
    heap.objects.append(PickledObject(name: name))
  }
}
