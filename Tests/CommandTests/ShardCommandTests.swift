import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Shards of aligned faces; python/tests/scale kills workers and lets several of them share a folder.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct ShardCommandTests {
  let bench: Bench

  init() throws { bench = try Workshop.shared.get().bench() }

  private func embed(_ options: String...) throws -> ProgramResult {
    try bench.faceq(["embed", "se.gguf", "--aligned", "--shards", "rows", "--images-per-shard", "20"] + options)
  }

  /// The numbers of the shards that are complete.
  private func complete() throws -> [Int] {
    try FileManager.default.contentsOfDirectory(atPath: bench.folder("rows")).filter { $0.hasSuffix(".csv") }
      .compactMap { Int($0.prefix(5)) }.sorted()
  }

  private func name(of shard: Int, _ suffix: String) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder("rows"))
    return "rows/" + (try #require(names.first { $0.hasPrefix("0000\(shard)-") && $0.hasSuffix(suffix) }))
  }

  @Test func asOneFile() throws {
    #expect(try bench.faceq("embed", "se.gguf", "--aligned", "faces", "cut.jpg", "-o", "whole.npy").status == 0)
    let result = try embed("faces", "cut.jpg")
    #expect(result.status == 0 && result.output.hasPrefix("shard 1 of 3: 20 faces; "))
    #expect(result.output.contains("\nshard 3 of 3: 8 faces, 1 image skipped; "))
    #expect(result.output.hasSuffix("\nall 3 shards of 49 images are complete\n"))
    let rows = try (0..<3).flatMap { try bench.rows(name(of: $0, ".npy")) }
    #expect(try rows == bench.rows("whole.npy"))
    #expect(try bench.folder.text(name(of: 2, ".csv")).contains(",cut.jpg,,skipped,"))

    // Only what is missing is done.
    let table = try name(of: 1, ".csv")
    try FileManager.default.removeItem(atPath: bench.folder(table))
    let again = try embed("faces", "cut.jpg")
    #expect(again.status == 0 && again.errors == "faceq: 2 of 3 shards are complete already\n")
    #expect(again.output.hasPrefix("shard 2 of 3: 20 faces; ") && again.output.split(separator: "\n").count == 2)
    #expect(try complete() == [0, 1, 2])
  }

  @Test func whatDoesNotBelongTogetherIsRefused() throws {
    #expect(try embed("faces").status == 0)
    let flipped = try embed("faces", "--flip")
    #expect(flipped.status == 1 && flipped.errors.contains("are of another choice of flip; choose another folder"))
    #expect(try embed("face1.jpg").errors.contains("are of another list of images"))
    #expect(try embed("faces", "--strict").status == 64)
    #expect(try bench.faceq("embed", "se.gguf", "faces", "--shards", "others").errors.contains("no face detector"))
    #expect(try !bench.newFiles().contains("others"))
  }
}
