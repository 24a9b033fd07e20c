import Checkpoint
import FaceqSupport
import Foundation
import TestSupport
import Testing

@Suite("Hostile files") struct HostileFileTests {
  /// Reads the file as far as it goes; whatever is wrong with it must come out as an error that names it.
  private func survive(_ path: String) {
    do {
      let state = try StateDict(path: FilePath(path))
      for name in state.names { _ = state[name]?.floats() }
      _ = try importCheckpoint(path: FilePath(path))
    } catch {
      #expect(error.message.hasPrefix(path), "\(error.message)")
    }
  }

  @Test(
    "every single flipped bit of a small file",
    .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)),
    arguments: ["legacy", "legacy4", "zip", "zip64", "npz", "safetensors"])
  func bitFlips(format: String) throws {
    let folder = try TemporaryFolder()
    let source = folder("small.npz")
    try TestData.script("checkpoints.py", "small", format, source)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source)))
    #expect(try StateDict(path: FilePath(source)).names.count == 4)
    let damaged = try DamagedFile(bytes, in: folder)
    for position in bytes.indices {
      for bit in 0..<8 { try damaged.flip(1 << UInt8(bit), at: position, while: survive) }
    }
  }

  @Test(
    "every truncation of a small file", .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)),
    arguments: ["legacy", "zip", "zip64", "npz", "safetensors"])
  func smallTruncations(format: String) throws {
    let folder = try TemporaryFolder()
    let source = folder("small.npz")
    try TestData.script("checkpoints.py", "small", format, source)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source)))
    for length in 0..<bytes.count {
      let path = try folder.write(Array(bytes[..<length]))
      expectFailure(path) { try StateDict(path: FilePath(path)) }
    }
  }

  @Test(
    "truncations and flips of a network's file",
    .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)), arguments: ["legacy", "zip"])
  func network(format: String) throws {
    let folder = try TemporaryFolder()
    let source = try TestData.checkpoint("tiny_ir_se", ["--format", format], in: folder)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source)))
    let lengths = Array(0..<64) + (1...60).map { $0 * bytes.count / 61 } + (1...40).map { bytes.count - $0 }
    for length in lengths {
      let path = try folder.write(Array(bytes[..<length]))
      expectFailure(path) { try importCheckpoint(path: FilePath(path)) }
    }
    let damaged = try DamagedFile(bytes, in: folder)
    let positions =
      Array(stride(from: 0, to: 12_000, by: 97)) + stride(from: 12_000, to: bytes.count, by: bytes.count / 20)
    for position in positions { try damaged.flip(0x40, at: position, while: survive) }
    #expect(
      try importCheckpoint(path: FilePath(damaged.path)).graph == importCheckpoint(path: FilePath(source)).graph)
  }

  /// A storage's checksum was once computed for each of its tensors, which took minutes here.
  @Test(
    "many tensors over one storage", .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)),
    .timeLimit(.minutes(1)))
  func sharedStorage() throws {
    let folder = try TemporaryFolder()
    let path = folder("shared.pth")
    try TestData.script("checkpoints.py", "shared", path)
    #expect(try StateDict(path: FilePath(path)).names.count == 40_000)
  }

  @Test("globals that could run code are named, and nothing is run")
  func code() throws {
    let folder = try TemporaryFolder()
    func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
    let arguments = LegacyPickle.tuple([LegacyPickle.text("touch \(folder("ran"))")])
    let call = Array("R".utf8)
    let hostile: [([UInt8], String)] = [
      (LegacyPickle.global("os", "system") + arguments + call, "os.system"),
      (LegacyPickle.global("posix", "system") + arguments + call, "names the function posix.system"),
      (LegacyPickle.global("builtins", "eval") + arguments + call, "builtins.eval"),
      (text("posix") + text("system") + [0x93] + arguments + call, "posix.system"),
      (LegacyPickle.global("torch", "load") + arguments + call, "torch.load"),
      (LegacyPickle.global("torch._utils", "_import_dotted_name") + arguments + call, "_import_dotted_name"),
      (LegacyPickle.global("collections", "OrderedDict.__class__") + arguments + call, "OrderedDict.__class__"),
      (LegacyPickle.global("os", "a\u{1B}[31mb") + call, "os.a?[31mb"),
      (Array("(".utf8) + LegacyPickle.text("ls") + Array("ios\nsystem\n".utf8), "the opcode INST (0x69)"),
      (LegacyPickle.global("collections", "OrderedDict") + Array(")".utf8) + [0x81], "the opcode NEWOBJ (0x81)"),
      (Array("cos".utf8), "a line without an end"),
    ]
    for (object, detail) in hostile {
      let path = try folder.write(LegacyPickle.file(LegacyPickle.dictionary(object)))
      expectFailure(path, naming: detail) { try StateDict(path: FilePath(path)) }
    }
    #expect(!FileManager.default.fileExists(atPath: folder("ran")))
  }

  @Test("pickles that contradict themselves")
  func pickles() throws {
    let folder = try TemporaryFolder()
    let null = Array("N".utf8)
    let tensor = LegacyPickle.global("torch._utils", "_rebuild_tensor_v2")
    let hostile: [[UInt8]] = [
      [], Array("R".utf8), Array("s".utf8), Array("u".utf8), Array("(u".utf8), Array("}(Nu".utf8), Array("Q".utf8),
      Array("NQ".utf8), Array("Nb".utf8), Array("NNa".utf8), Array("t".utf8), Array("((".utf8), [0x85], [0x93], [0x94],
      Array("h".utf8) + [9], Array("q".utf8) + [9], null + [0x80, 9], [UInt8(ascii: "X"), 0xFF, 0xFF, 0xFF, 0xFF],
      [0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [UInt8(ascii: "X"), 2, 0, 0, 0, 0xC3, 0x28],
      Array("}(".utf8) + LegacyPickle.text("a") + null,
      LegacyPickle.dictionary(tensor + Array(")R".utf8)), LegacyPickle.dictionary(tensor + Array("NR".utf8)),
      LegacyPickle.dictionary(tensor + LegacyPickle.tuple([null, null, null, null]) + Array("R".utf8)),
      LegacyPickle.dictionary(LegacyPickle.global("torch", "FloatStorage") + Array(")R".utf8)),
      LegacyPickle.dictionary(LegacyPickle.global("torch._utils", "_rebuild_parameter") + Array(")R".utf8)),
      null, Array("}".utf8), Array("]".utf8),
    ]
    for object in hostile {
      let path = try folder.write(LegacyPickle.file(object))
      expectFailure(path) { try StateDict(path: FilePath(path)) }
    }
  }

  @Test("tensors that reach outside their storage")
  func tensors() throws {
    let folder = try TemporaryFolder()
    let view = { (start: Int64, count: Int64) in
      LegacyPickle.tuple([LegacyPickle.text("v"), LegacyPickle.integer(start), LegacyPickle.integer(count)])
    }
    let hostile: [[UInt8]] = [
      LegacyPickle.tensor(shape: [7], strides: [1]), LegacyPickle.tensor(shape: [2, 3], strides: [4, 1]),
      LegacyPickle.tensor(offset: 1, shape: [6], strides: [1]), LegacyPickle.tensor(offset: 6, shape: [], strides: []),
      LegacyPickle.tensor(offset: -1, shape: [2], strides: [1]), LegacyPickle.tensor(shape: [-2], strides: [1]),
      LegacyPickle.tensor(offset: 5, shape: [2], strides: [-1]), LegacyPickle.tensor(shape: [2, 3], strides: [1]),
      LegacyPickle.tensor(offset: .max, shape: [2], strides: [1]),
      LegacyPickle.tensor(shape: [2], strides: [.max]), LegacyPickle.tensor(shape: [.max], strides: [0]),
      LegacyPickle.tensor(shape: [1 << 30], strides: [0]),
      LegacyPickle.tensor(shape: [1 << 30, 1 << 30, 1 << 30, 1 << 30], strides: [0, 0, 0, 0]),
      LegacyPickle.tensor(shape: [1 << 40, 0], strides: [1, 1]),
      LegacyPickle.tensor(shape: [Int64](repeating: 1, count: 9), strides: [Int64](repeating: 1, count: 9)),
      LegacyPickle.tensor(count: 5, shape: [2], strides: [1]), LegacyPickle.tensor(count: -1, shape: [2], strides: [1]),
      LegacyPickle.tensor(count: .max, shape: [2], strides: [1]),
      LegacyPickle.tensor(type: "DoubleStorage", shape: [2], strides: [1]),
      LegacyPickle.tensor(view: view(4, 3), shape: [2], strides: [1]),
      LegacyPickle.tensor(view: view(-1, 3), shape: [2], strides: [1]),
      LegacyPickle.tensor(view: view(1, .max), shape: [2], strides: [1]),
      LegacyPickle.tensor(view: view(4, 2), shape: [3], strides: [1]),
    ]
    for tensor in hostile {
      let path = try folder.write(LegacyPickle.file(LegacyPickle.dictionary(tensor)))
      expectFailure(path) { try StateDict(path: FilePath(path)) }
    }
  }

  @Test("an axis of one number may have any stride", arguments: [Int64.max, 1 << 61, 0])
  func strides(stride: Int64) throws {
    let folder = try TemporaryFolder()
    for (shape, strides) in [([1], [stride]), ([2, 1], [3, stride]), ([1, 2], [stride, 3])] as [([Int64], [Int64])] {
      let tensor = LegacyPickle.tensor(shape: shape, strides: strides)
      let path = try folder.write(LegacyPickle.file(LegacyPickle.dictionary(tensor)))
      let floats = try StateDict(path: FilePath(path))["weight"]?.floats()
      #expect(floats == (shape == [1] ? [0] : [0, 3]))
    }
  }

  @Test("pickles that would fill the memory or the stack")
  func bombs() throws {
    let folder = try TemporaryFolder()
    // Lists and tuples a million deep, a list that holds itself, and more values than any state dict.
    let deepTuple = Array("N".utf8) + [UInt8](repeating: 0x85, count: 1_000_000)
    let deepList =
      (0..<300_000).flatMap { _ in Array("]".utf8) } + [UInt8](repeating: UInt8(ascii: "a"), count: 299_999)
    let cycle = Array("]q\u{1}h\u{1}a".utf8)
    let selfHolding = Array("}q\u{1}".utf8) + LegacyPickle.text("a") + Array("h\u{1}s".utf8)
    for object in [deepTuple, deepList, cycle, selfHolding] {
      let path = try folder.write(LegacyPickle.file(object, storageCount: 0))
      expectFailure(path, naming: "holds no tensors") { try StateDict(path: FilePath(path)) }
    }
    let path = try folder.write(LegacyPickle.file([UInt8](repeating: UInt8(ascii: "]"), count: 5_000_000)))
    expectFailure(path, naming: "far more values") { try StateDict(path: FilePath(path)) }

    // Ten thousand names for one storage: reading them all would need ten thousand times the file.
    var shared = Array("}(".utf8) + LegacyPickle.text("t0") + LegacyPickle.tensor(shape: [6], strides: [1])
    shared += Array("q\u{1}".utf8)
    for index in 1..<10_000 { shared += LegacyPickle.text("t\(index)") + Array("h\u{1}".utf8) }
    let sharing = try folder.write(LegacyPickle.file(shared + Array("u".utf8)))
    #expect(try StateDict(path: FilePath(sharing)).names.count == 10_000)
    let big = LegacyPickle.tensor(count: 60_000, shape: [60_000], strides: [1])
    let overlapping =
      Array("}(".utf8) + LegacyPickle.text("a") + big + Array("q\u{1}".utf8)
      + (0..<9).flatMap { LegacyPickle.text("b\($0)") + Array("h\u{1}".utf8) } + Array("u".utf8)
    let greedy = try folder.write(LegacyPickle.file(overlapping, storageCount: 60_000))
    expectFailure(greedy, naming: "overlap") { try StateDict(path: FilePath(greedy)) }
  }

  @Test(
    "archives that lie", .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)),
    arguments: [
      ("compressed", "a compressed entry, any name/data.pkl"), ("bigEndian", "little-endian"),
      ("missingStorage", "storage 0 of the tensor conv.weight is missing"), ("shortStorage", "20 bytes"),
      ("twoPickles", "2 entries named data.pkl"), ("noPickle", "0 entries named data.pkl"),
      ("sizePastEnd", "ends in the middle of its entry"), ("offsetPastEnd", "contradicts itself"),
      ("offsetOfAnother", "contradict each other"), ("sizesDiffer", "contradicts itself"),
      ("localSizeDiffers", "contradict each other"), ("overlap", "overlaps another"), ("checksum", "checksum"),
      ("encrypted", "an encrypted entry"), ("directoryPastEnd", "outside the file"),
      ("moreEntries", "ends in the middle of its zip directory"), ("fewerEntries", "longer than the entries"),
      ("twice", "any name/data/0 twice"),
    ])
  func archives(fault: String, detail: String) throws {
    let folder = try TemporaryFolder()
    let path = folder("archive.pth")
    try TestData.script("checkpoints.py", "archive", fault, path)
    expectFailure(path, naming: detail) { try StateDict(path: FilePath(path)) }
  }

  @Test(
    "a compressed .npz says what to do", .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)))
  func compressedArrays() throws {
    let folder = try TemporaryFolder()
    let path = folder("small.npz")
    try TestData.script("checkpoints.py", "small", "npzcompressed", path)
    expectFailure(path, naming: "numpy.savez") { try StateDict(path: FilePath(path)) }
  }

  @Test("what is no checkpoint at all")
  func others() throws {
    let folder = try TemporaryFolder()
    for contents in ["P", "hello", "{\"a\": 1}", "GGUF\u{3}\0\0\0"] {
      let path = try folder.write(Array(contents.utf8))
      expectFailure(path, naming: "not a checkpoint") { try StateDict(path: FilePath(path)) }
    }
    for path in [try folder.write([]), folder("missing.pth"), folder(""), "/dev/zero"] {
      expectFailure(path, naming: "cannot") { try importCheckpoint(path: FilePath(path)) }
    }
  }
}

/// A file of which single bytes are changed in place.
private struct DamagedFile {
  let path: String
  private let bytes: [UInt8]
  private let handle: FileHandle

  init(_ bytes: [UInt8], in folder: TemporaryFolder) throws {
    self.bytes = bytes
    path = try folder.write(bytes)
    handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
  }

  /// Calls `body` with the file's path while the byte at `position` has these bits flipped.
  func flip(_ bits: UInt8, at position: Int, while body: (_ path: String) -> Void) throws {
    try set(bytes[position] ^ bits, at: position)
    body(path)
    try set(bytes[position], at: position)
  }

  private func set(_ byte: UInt8, at position: Int) throws {
    try handle.seek(toOffset: UInt64(position))
    try handle.write(contentsOf: [byte])
  }
}
