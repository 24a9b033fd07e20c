import FaceqSupport
import QuantRuntime
import TestSupport
import Testing

struct ModelReaderTests {
  /// Files come from strangers, and terminals obey control characters.
  @Test func whatAFileSaysIsShownWithoutControlCharacters() throws {
    let folder = try TemporaryFolder()
    func message(precision: String, order: String? = nil) throws -> String? {
      var writer = GGUFWriter()
      writer.set("faceq.graph", .string("%0 = image 9×7 rgb\noutputs %0"))
      writer.set("faceq.precision", .string(precision))
      if let order { writer.set("faceq.packed.order", .string(order)) }
      writer.add("tensor", dimensions: [1], [Float(0)])
      let path = FilePath(folder("model.gguf"))
      try writer.write(to: path)
      let reader = ModelReader(try GGUFFile(MappedFile(path: path)))
      return #expect(throws: FaceqError.self) { try reader.network() }?.message
    }
    #expect(try message(precision: "\u{1b}[2J")?.contains("of precision '?[2J', which") == true)
    #expect(try message(precision: "int8", order: "\u{9b}2J")?.contains("in the order '?2J', which") == true)
  }
}
