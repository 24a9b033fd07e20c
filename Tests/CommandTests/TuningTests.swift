import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// `tune`, `pack` and `--winograd`: what makes a model faster on a machine, and must not change an embedding.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct TuningTests {
  let bench: Bench

  init() throws { bench = try Workshop.shared.get().bench() }

  private func embedding(_ arguments: String...) throws -> [UInt8] {
    let result = try bench.faceq(["embed", "-o", "e.npy"] + arguments)
    #expect(result.status == 0, Comment(rawValue: result.errors))
    return try bench.folder.bytes("e.npy")
  }

  @Test func winogradGivesTheSameBytes() throws {
    let direct = try embedding("se.int8.gguf", "faces", "--winograd", "off")
    for isa in availableInstructionSets().map(\.rawValue) {
      for threads in ["1", "3"] {
        let winograd = try embedding(
          "se.int8.gguf", "faces", "--winograd", "on", "--isa", isa, "--threads", threads)
        #expect(winograd == direct, "\(isa), \(threads) threads")
      }
    }
    let result = try bench.faceq("embed", "se.int8.gguf", "face1.jpg", "--winograd", "perhaps")
    #expect(result.status == 1 && result.errors.contains("choose auto, on or off"))
  }

  @Test func tuningIsKeptBesideTheModel() throws {
    let direct = try embedding("se.int8.gguf", "face1.jpg")
    try FileManager.default.copyItem(
      atPath: URL(fileURLWithPath: bench.folder("se.int8.gguf")).resolvingSymlinksInPath().path,
      toPath: bench.folder("mine.gguf"))
    let result = try bench.faceq("tune", "mine.gguf", "--threads", "1")
    #expect(result.status == 0, Comment(rawValue: result.errors))
    // Outputs of 112, 56, 28, 14 and 7 pixels, with strides of 1 and 2.
    #expect(result.output.contains("all together"))
    let text = String(decoding: try bench.folder.bytes("mine.gguf.tuning"), as: UTF8.self)
    let digest = try #require(members(try bench.faceq("info", "mine.gguf", "--json").output)["digest"] as? String)
    #expect(text.hasPrefix("faceq tuning 2\nmodel \(digest)\nisa "))
    #expect(try embedding("mine.gguf", "face1.jpg") == direct)

    // Of another model it counts for nothing; what tune did not write is an error.
    try bench.folder.write(
      Data(text.replacingOccurrences(of: digest, with: String(repeating: "0", count: 32)).utf8),
      to: "mine.gguf.tuning")
    #expect(try embedding("mine.gguf", "face1.jpg") == direct)
    for damaged in ["", "faceq tuning 1\n", text + "64 64 1 112 perhaps\n", text + "64 64 1 112 112 perhaps\n"] {
      try bench.folder.write(Data(damaged.utf8), to: "mine.gguf.tuning")
      let result = try bench.faceq("embed", "mine.gguf", "face1.jpg")
      #expect(result.status == 1 && result.errors.contains("mine.gguf.tuning"))
    }
  }

  @Test func floatModelsHaveNothingToTuneOrPack() throws {
    let tuned = try bench.faceq("tune", "se.gguf")
    #expect(tuned.status == 1 && tuned.errors.contains("nothing to tune"))
    let packed = try bench.faceq("pack", "se.gguf", "--isa", "i8mm", "-o", "packed.gguf")
    #expect(packed.status == 1 && packed.errors.contains("pack an int8 model"))
    #expect(try bench.newFiles() == [])
  }

  @Test func aPackedModelIsForItsInstructionSet() throws {
    #expect(try bench.faceq("pack", "se.int8.gguf", "--isa", "i8mm", "-o", "packed.gguf").status == 0)
    let (plain, packed) = (
      try bench.faceq("info", "se.int8.gguf", "--json"), try bench.faceq("info", "packed.gguf", "--json")
    )
    #expect(try members(plain.output)["digest"] as? String == members(packed.output)["digest"] as? String)
    let refused = try bench.faceq("embed", "packed.gguf", "face1.jpg", "--isa", "portable")
    #expect(refused.status == 1 && refused.errors.contains("16x8") && refused.errors.contains("pack it again"))

    let back = try bench.faceq("pack", "packed.gguf", "--isa", "portable", "-o", "back.gguf")
    #expect(back.status == 0 && back.errors.contains("no faster"))
    #expect(try embedding("back.gguf", "faces") == embedding("se.int8.gguf", "faces"))
  }

  @Test func packRefusesWhatItCannotDo() throws {
    let unknown = try bench.faceq("pack", "se.int8.gguf", "--isa", "sse", "-o", "packed.gguf")
    #expect(unknown.status == 1 && unknown.errors.contains("no instruction set named sse"))
    let itself = try bench.faceq("pack", "se.int8.gguf", "--isa", "i8mm", "-o", "se.int8.gguf")
    #expect(itself.status == 1 && itself.errors.contains("is the input itself"))
    #expect(try bench.newFiles() == [])
  }
}
