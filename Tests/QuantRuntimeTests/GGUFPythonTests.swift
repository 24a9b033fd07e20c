import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Other tools can open what the writer writes: here the `gguf` package of llama.cpp's authors. `FACEQ_PYTHON` names a
/// Python that has it (`pip install gguf` in a virtual environment).
struct GGUFPythonTests {
  static let python = ProcessInfo.processInfo.environment["FACEQ_PYTHON"]

  @Test(.enabled(if: python != nil, "FACEQ_PYTHON names no Python with the gguf package"))
  func pythonReadsWhatTheWriterWrites() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let path = try folder.file("model.gguf")
    var writer = GGUFWriter()
    writer.set("general.architecture", .string("faceq"))
    writer.set("faceq.width", .uint32(112))
    writer.set("faceq.divisor", .float32(127.5))
    writer.set("faceq.flag", .bool(true))
    writer.set("faceq.scales", .float32Array([0.5, -2]))
    writer.set("faceq.names", .stringArray(["a", "ß"]))
    writer.add("weights", dimensions: [2, 1, 3], [-128, 127, 0, 1, 2, 3] as [Int8])
    writer.add("bias", dimensions: [2], [7, -9] as [Int32])
    writer.add("float", dimensions: [2, 2], [1, 2, 3, 4.5] as [Float])
    try writer.write(to: FilePath(path))

    let script = """
      import sys, numpy
      from gguf import GGUFReader
      reader = GGUFReader(sys.argv[1])
      def plain(field): return field.contents()
      for key in reader.fields:
          if not key.startswith("GGUF.") and not key.startswith("faceq.checksum"): print(key, plain(reader.fields[key]))
      for t in reader.tensors:
          print(t.name, t.tensor_type.name, t.data.shape, t.data.ravel().tolist(), t.data_offset % 64)
      def checksum(data):
          w = numpy.frombuffer(data + bytes(-len(data) % 4), "<u4").astype("u8")
          return [int(w.sum()), int(w.cumsum().sum())]
      stored = plain(reader.fields["faceq.checksum.tensors"])
      print(stored == sum((checksum(t.data.tobytes()) for t in reader.tensors), []))
      field = reader.fields["faceq.checksum.header"]
      header = bytearray(reader.data[:reader.data_offset].tobytes())
      start = bytes(header).index(b"faceq.checksum.header") + len("faceq.checksum.header") + 16
      header[start:start + 16] = bytes(16)
      print(plain(field) == checksum(bytes(header)))
      """
    #expect(
      try output(of: script, path) == """
        general.architecture faceq
        faceq.width 112
        faceq.divisor 127.5
        faceq.flag True
        faceq.scales [0.5, -2.0]
        faceq.names ['a', 'ß']
        general.alignment 64
        weights I8 (2, 1, 3) [-128, 127, 0, 1, 2, 3] 0
        bias I32 (2,) [7, -9] 0
        float F32 (2, 2) [1.0, 2.0, 3.0, 4.5] 0
        True
        True

        """)
  }

  private func output(of script: String, _ argument: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    process.arguments = ["-c", script, argument]
    process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONIOENCODING": "utf-8"]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }
}
