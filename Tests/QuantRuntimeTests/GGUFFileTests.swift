import FaceqSupport
import TestSupport
import Testing

struct GGUFFileTests {
  /// Put together field by field; its checksums were computed with numpy.
  let knownFile =
    bytes("47475546 03000000 0200000000000000 0500000000000000")  // GGUF, version 3, 2 tensors, 5 entries
    + text("general.architecture") + bytes("08000000") + text("faceq")  // a string
    + text("width") + bytes("04000000 70000000")  // a uint32: 112
    + text("general.alignment") + bytes("04000000 40000000")  // a uint32: 64
    + text("faceq.checksum.tensors") + bytes("09000000 0a000000 0400000000000000")  // an array of uint64: 4
    + bytes("0000c07d02000000 000040b708000000 01ff7f8000000000 02feff0001000000")
    + text("faceq.checksum.header") + bytes("09000000 0a000000 0200000000000000")  // an array of uint64: 2
    + bytes("dbb4360a0c000000 4a4c3bf2e7020000")
    + text("a") + bytes("02000000 0300000000000000 0200000000000000")  // 2 dimensions: 3, the fastest, and 2
    + bytes("00000000 0000000000000000")  // float32, at 0
    + text("b") + bytes("01000000 0500000000000000 18000000 4000000000000000")  // 1 dimension: 5; int8, at 64
    + [UInt8](repeating: 0, count: 48)
    + bytes("0000803f 000000c0 0000003f 00004040 000080be 00008040") + [UInt8](repeating: 0, count: 40)
    + bytes("01ff7f8000") + [UInt8](repeating: 0, count: 59)

  @Test func readsTheKnownFile() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let file = try GGUFFile(path: FilePath(folder.file("known.gguf", knownFile)))
    try file.verifyTensors()
    #expect(
      file.metadata.map { $0.key } == [
        "general.architecture", "width", "general.alignment", "faceq.checksum.tensors", "faceq.checksum.header",
      ])
    #expect(try file.string("general.architecture") == "faceq")
    #expect(try file.unsigned("width") == 112)
    #expect(file.tensors.map { $0.name } == ["a", "b"])
    let a = try file.tensor("a")
    #expect(a.dimensions == [2, 3])
    #expect(a.type == .float32)
    #expect(a.count == 6)
    #expect(try a.elements(as: Float.self) == [1, -2, 0.5, 3, -0.25, 4])
    let b = try file.tensor("b")
    #expect(b.dimensions == [5])
    #expect(try b.elements(as: Int8.self) == [1, -1, 127, -128, 0])
    // From numpy, by the formula of the documentation.
    #expect(file.digest == "be26e1e21564801e0ccf9c0754c900d2")
  }

  @Test func writesTheKnownFile() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let path = try folder.file("written.gguf")
    var writer = GGUFWriter()
    writer.set("general.architecture", .string("faceq"))
    writer.set("width", .uint32(112))
    writer.add("a", dimensions: [2, 3], [1, -2, 0.5, 3, -0.25, 4] as [Float])
    writer.add("b", dimensions: [5]) { [1, -1, 127, -128, 0] as [Int8] }
    try writer.write(to: FilePath(path))
    #expect(try contents(of: path) == knownFile)
    #expect(GGUFBytes().sealed() == knownFile)
  }

  @Test func everyTypeComesBackAsItWasWritten() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let path = try folder.file("all.gguf")
    let values: [(String, GGUFValue)] = [
      ("uint32", .uint32(.max)), ("int32", .int32(.min)), ("uint64", .uint64(.max)), ("int64", .int64(.min)),
      ("float32", .float32(.leastNonzeroMagnitude)), ("float64", .float64(-.pi)), ("true", .bool(true)),
      ("false", .bool(false)), ("string", .string("ÅÄ\"\u{0}\n")), ("empty", .string("")),
      ("uint32s", .uint32Array([0, .max])), ("int32s", .int32Array([.min, -1, .max])),
      ("uint64s", .uint64Array([.max])), ("int64s", .int64Array([.min, 7])),
      ("float32s", .float32Array([0.1, -.infinity])), ("float64s", .float64Array([.greatestFiniteMagnitude])),
      ("bools", .boolArray([true, false, true])), ("strings", .stringArray(["", "b", "ß"])),
      ("none", .float32Array([])),
    ]
    var writer = GGUFWriter()
    for (key, value) in values { writer.set(key, value) }
    writer.add("float32", dimensions: [1], [Float.pi])
    writer.add("float64", dimensions: [2], [Double.pi, -0.0])
    writer.add("int8", dimensions: [1, 2, 1, 3], [-128, 127, 0, 1, 2, 3] as [Int8])
    writer.add("int16", dimensions: [2, 1], [.min, .max] as [Int16])
    writer.add("int32", dimensions: [3], [.min, .max, 5] as [Int32])
    writer.add("int64", dimensions: [1], [.min] as [Int64])
    try writer.write(to: FilePath(path))

    let file = try GGUFFile(path: FilePath(path))
    try file.verifyTensors()
    for (key, value) in values { #expect(file.value(key) == value) }
    #expect(try file.tensor("float32").elements(as: Float.self) == [Float.pi])
    #expect(try file.tensor("float64").elements(as: Double.self) == [Double.pi, -0.0])
    #expect(try file.tensor("int8").elements(as: Int8.self) == [-128, 127, 0, 1, 2, 3])
    #expect(try file.tensor("int8").dimensions == [1, 2, 1, 3])
    #expect(try file.tensor("int16").elements(as: Int16.self) == [.min, .max])
    #expect(try file.tensor("int32").elements(as: Int32.self) == [.min, .max, 5])
    #expect(try file.tensor("int64").elements(as: Int64.self) == [.min])
    for tensor in file.tensors { #expect(Int(bitPattern: tensor.bytes.baseAddress) % 64 == 0) }
  }

  @Test func fileWithoutTensorsIsOne() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let path = try folder.file("bare.gguf")
    try GGUFWriter().write(to: FilePath(path))
    let file = try GGUFFile(path: FilePath(path))
    try file.verifyTensors()
    #expect(file.tensors.isEmpty)
  }

  @Test func digestTellsContentsApart() throws {
    let folder = try TemporaryFolder(inMemory: true)
    var digests: Set<String> = []
    for (name, number) in [("a", 1), ("b", 1), ("a", 2)] as [(String, Float)] {
      var writer = GGUFWriter()
      writer.add(name, dimensions: [1], [number])
      let path = try folder.file("file.gguf")
      try writer.write(to: FilePath(path))
      let digest = try GGUFFile(path: FilePath(path)).digest
      #expect(digest.utf8.count == 32)
      digests.insert(digest)
    }
    #expect(digests.count == 3)
  }

  @Test func missingAndMistypedValuesAreNamed() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let path = try folder.file("known.gguf", knownFile)
    let file = try GGUFFile(path: FilePath(path))
    expectFailure(path, "'height'") { _ = try file.unsigned("height") }
    expectFailure(path, "'width'", "text") { _ = try file.string("width") }
    expectFailure(path, "'width'", "float32") { _ = try file.float("width") }
    expectFailure(path, "'width'", "array") { _ = try file.floats("width") }
    expectFailure(path, "'general.architecture'", "integer") { _ = try file.unsigned("general.architecture") }
    expectFailure(path, "'c'") { _ = try file.tensor("c") }
    expectFailure(path, "'a'", "float32", "int8") { _ = try file.tensor("a").elements(as: Int8.self) }
    #expect(file.value("height") == nil)
    #expect(file.tensorIfPresent("c") == nil)
  }

  @Test func failedWriteLeavesTheOldFile() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let path = try folder.file("old.gguf", [1, 2, 3])
    var writer = GGUFWriter()
    writer.add("a", dimensions: [1]) { () throws(FaceqError) -> [Float] in throw FaceqError("no elements") }
    expectFailure("no elements") { try writer.write(to: FilePath(path)) }
    #expect(try contents(of: path) == [1, 2, 3])
    #expect(try folder.names() == ["old.gguf"])
  }
}

/// Bytes from hexadecimal digits; blanks are for the reader.
private func bytes(_ digits: String) -> [UInt8] {
  let values = digits.filter { $0 != " " }.compactMap { $0.hexDigitValue }
  return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] * 16 + values[$0 + 1]) }
}
