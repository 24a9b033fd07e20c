import Checkpoint
import FaceqSupport
import Foundation
import TestSupport
import Testing

@Suite("State dicts") struct StateDictTests {
  @Test(
    "every format gives the same tensors", .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)),
    arguments: [
      "legacy", "legacy3", "legacy4", "zip", "zip3", "zip4", "zip5", "zip64", "zipforced64", "npz", "npzfortran",
      "safetensors",
    ])
  func formats(format: String) throws {
    let folder = try TemporaryFolder()
    let path = folder("small.npz")
    let plain = folder("plain.npz")
    try TestData.script("checkpoints.py", "small", format, path)
    try TestData.script("checkpoints.py", "small", "npz", plain)
    let state = try StateDict(path: FilePath(path))
    let expected = try StateDict(path: FilePath(plain))
    #expect(state.names == ["conv.weight", "conv.bias", "norm.running_var", "norm.num_batches_tracked"])
    let types: [ElementType] = [.float32, .float16, .float64, .int64]
    for (name, type) in zip(state.names, types) {
      let tensor = try #require(state[name])
      #expect(tensor.type == type)
      #expect(tensor.shape == expected[name]?.shape)
      #expect(tensor.floats() == expected[name]?.floats())
    }
    #expect(state["norm.num_batches_tracked"]?.shape == [])
    #expect(state["norm.num_batches_tracked"]?.floats() == [7])
    #expect(state["nothing"] == nil)
  }

  @Test("strides and storage offsets are followed")
  func strides() throws {
    let folder = try TemporaryFolder()
    func numbers(_ tensor: [UInt8]) throws -> [Float]? {
      let path = try folder.write(LegacyPickle.file(LegacyPickle.dictionary(tensor)))
      return try StateDict(path: FilePath(path))["weight"]?.floats()
    }
    #expect(try numbers(LegacyPickle.tensor(shape: [2, 3], strides: [3, 1])) == [0, 1, 2, 3, 4, 5])
    #expect(try numbers(LegacyPickle.tensor(shape: [3, 2], strides: [1, 3])) == [0, 3, 1, 4, 2, 5])
    #expect(try numbers(LegacyPickle.tensor(offset: 4, shape: [2], strides: [1])) == [4, 5])
    #expect(try numbers(LegacyPickle.tensor(offset: 5, shape: [], strides: [])) == [5])
    #expect(try numbers(LegacyPickle.tensor(offset: 1, shape: [1, 2, 2], strides: [9, 3, 1])) == [1, 2, 4, 5])
    #expect(try numbers(LegacyPickle.tensor(shape: [0, 4], strides: [4, 1])) == [])
    // A view of the storage, from its third number on.
    let view = LegacyPickle.tuple([LegacyPickle.text("v"), LegacyPickle.integer(2), LegacyPickle.integer(3)])
    #expect(try numbers(LegacyPickle.tensor(view: view, offset: 1, shape: [2], strides: [1])) == [3, 4])
  }

  @Test("half and brain floats are widened exactly")
  func narrowTypes() throws {
    let folder = try TemporaryFolder()
    // The storage's numbers 0, 1 and 2, two halves each: the upper ones are the same as brain floats.
    func numbers(_ type: String) throws -> [Float]? {
      let object = LegacyPickle.dictionary(LegacyPickle.tensor(type: type, shape: [6], strides: [1]))
      let path = try folder.write(Array(LegacyPickle.file(object, storageCount: 6).dropLast(12)))
      return try StateDict(path: FilePath(path))["weight"]?.floats()
    }
    #expect(try numbers("BFloat16Storage") == [0, 0, 0, 1, 0, 2])
    #expect(try numbers("HalfStorage") == [0, 0, 0, 1.875, 0, 2])
    #expect(try numbers("ShortStorage") == [0, 0, 0, 0x3F80, 0, 0x4000])
  }

  @Test("wrapped dictionaries are found, beside an optimizer's")
  func nested() throws {
    let folder = try TemporaryFolder()
    func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
      Array("}(".utf8) + items.flatMap { LegacyPickle.text($0) + $1 } + Array("u".utf8)
    }
    let network = LegacyPickle.dictionary(LegacyPickle.tensor(shape: [6], strides: [1]))
    let optimizer = dictionary([("state", dictionary([("moment", LegacyPickle.tensor(shape: [2], strides: [1]))]))])
    let best = LegacyPickle.tensor(offset: 1, shape: [], strides: [])
    for name in ["state_dict", "net_state_dict", "model"] {
      let root = dictionary([("epoch", LegacyPickle.integer(3)), ("best", best), ("optim", optimizer), (name, network)])
      #expect(try StateDict(path: FilePath(folder.write(LegacyPickle.file(root)))).names == ["weight"])
    }
    let unclear = dictionary([("first", network), ("second", network)])
    let path = try folder.write(LegacyPickle.file(unclear))
    expectFailure(path, naming: "first, second") { try StateDict(path: FilePath(path)) }
  }

  @Test("the names lose DataParallel's prefix only where all have it")
  func prefix() throws {
    let folder = try TemporaryFolder()
    let tensor = LegacyPickle.tensor(shape: [1], strides: [1])
    let one = Array("}".utf8) + LegacyPickle.text("module.a") + tensor + Array("s".utf8)
    let two = one + LegacyPickle.text("b") + tensor + Array("s".utf8)
    #expect(try StateDict(path: FilePath(folder.write(LegacyPickle.file(one)))).names == ["a"])
    #expect(try StateDict(path: FilePath(folder.write(LegacyPickle.file(two)))).names == ["module.a", "b"])
  }

  @Test(
    "files written by PyTorch itself", .enabled(if: FacenetWheel.isAvailable, "needs pip and the network"),
    arguments: ["pnet", "rnet", "onet"])
  func writtenByPyTorch(net: String) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try FacenetWheel.extract("\(net).pt", into: folder)
    let expectedPath = folder("expected.npz")
    try TestData.script("checkpoints.py", "tensors", checkpoint, expectedPath)
    let state = try StateDict(path: FilePath(checkpoint))
    let expected = try StateDict(path: FilePath(expectedPath))
    #expect(state.names == expected.names)
    #expect(state["conv1.weight"]?.shape == [["pnet": 10, "rnet": 28, "onet": 32][net] ?? 0, 3, 3, 3])
    for name in state.names {
      #expect(state[name]?.shape == expected[name]?.shape)
      #expect(state[name]?.floats() == expected[name]?.floats())
    }
  }
}

/// The wheel of facenet-pytorch 2.6.0 from PyPI, which holds three legacy checkpoints; kept in the package's .build.
enum FacenetWheel {
  private static let cache = TestData.package.appending(path: ".build/checkpoint-tests")
  private static let wheel = cache.appending(path: "facenet_pytorch-2.6.0-py3-none-any.whl")

  static let isAvailable: Bool = {
    guard TestData.hasPython else { return false }
    if !FileManager.default.fileExists(atPath: wheel.path) {
      _ = try? TestData.run([
        "-m", "pip", "download", "--quiet", "--no-deps", "--timeout", "20", "--dest", cache.path,
        "facenet-pytorch==2.6.0",
      ])
    }
    return FileManager.default.fileExists(atPath: wheel.path)
  }()

  static func extract(_ name: String, into folder: TemporaryFolder) throws -> String {
    try TestData.run(["-m", "zipfile", "-e", wheel.path, folder("wheel")])
    return folder("wheel/facenet_pytorch/data/\(name)")
  }
}

/// Expects `body` to fail with an error that names the file and `detail`.
func expectFailure<Result>(
  _ path: String, naming detail: String = "", sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Result
) {
  do {
    _ = try body()
    Issue.record("succeeded; an error about \(detail) was expected", sourceLocation: sourceLocation)
  } catch {
    let message = (error as? FaceqError)?.message ?? "\(error)"
    #expect(error is FaceqError && message.contains(path), "\(message)", sourceLocation: sourceLocation)
    #expect(detail.isEmpty || message.contains(detail), "\(message)", sourceLocation: sourceLocation)
  }
}
