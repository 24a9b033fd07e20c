import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// The built program from end to end.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct CommandTests {
  let bench: Bench
  let instructionSets = availableInstructionSets().map(\.rawValue)

  init() throws { bench = try Workshop.shared.get().bench() }

  /// Runs a command that must succeed and say nothing on stderr.
  private func faceq(_ arguments: String...) throws -> String {
    let result = try bench.faceq(arguments)
    #expect(result.status == 0)
    #expect(result.errors == "")
    return result.output
  }

  @Test func importSaysWhatItFound() throws {
    let report = try faceq("import", "se.pth", "-o", "new.gguf")
    for fact in [
      "ir_se", "847,040", "0.153 GMAC", "64 components", "BGR, ", "which feeds its networks BGR", "se.pth, SHA-256 ",
    ] {
      #expect(report.contains(fact))
    }
    #expect(try bench.newFiles() == ["new.gguf"])
    #expect(try bench.folder.bytes("new.gguf") == bench.folder.bytes("se.gguf"))
  }

  @Test func importTakesTheChannelOrder() throws {
    #expect(try faceq("import", "se.pth", "-o", "new.gguf", "--channels", "rgb").contains("channels as chosen; else "))
    let info = try members(try faceq("info", "new.gguf", "--json"))
    #expect((info["input"] as? [String: Any])?["channels"] as? String == "rgb")
  }

  @Test func infoOfBothPrecisions() throws {
    let float = try members(try faceq("info", "se.gguf", "--json"))
    let int8 = try members(try faceq("info", "se.int8.gguf", "--json"))
    for key in ["architecture", "parameters", "macs", "layers", "additions", "embedding_size"] {
      #expect(float[key] as? NSObject == int8[key] as? NSObject, Comment(rawValue: key))
    }
    #expect(float["macs"] as? Int == 152_689_600)
    #expect(float["additions"] as? Int == 8)
    // 1 stem, 2 for each of 8 blocks, 3 shortcuts that change the width, 2 for each squeeze-and-excitation, 1 linear.
    #expect(float["layers"] as? Int == 1 + 16 + 3 + 16 + 1)
    #expect(float["precision"] as? String == "float32")
    #expect(float["calibration"] is NSNull)
    #expect(int8["precision"] as? String == "int8")
    let calibration = try #require(int8["calibration"] as? [String: Any])
    #expect(calibration["images"] as? Int == 40)
    #expect(calibration["float_digest"] as? String == float["digest"] as? String)
    #expect(calibration["self_test"] as? Bool == true)
    let text = try faceq("info", "se.int8.gguf")
    for word in ["int8", "drift", "recipe", "digest", "BGR"] { #expect(text.contains(word)) }
  }

  @Test func int8EmbeddingsAreTheSameBytesOnEveryInstructionSet() throws {
    var files: [[UInt8]] = []
    for isa in instructionSets {
      for threads in ["1", "2", "5"] {
        let name = isa + threads + ".npy"
        _ = try faceq(
          "embed", "se.int8.gguf", "faces", "--flip", "-o", name, "--isa", isa, "--threads", threads)
        files.append(try bench.folder.bytes(name))
      }
    }
    #expect(files.allSatisfy { $0 == files[0] })
    #expect(try bench.rows("portable1.npy").count == 48)
  }

  @Test func everyFormHasTheSameEmbeddings() throws {
    let images = ["face3.jpg", "face1.jpg"]
    _ = try faceq("embed", "se.gguf", images[0], images[1], "-o", "rows.npy")
    let rows = try bench.rows("rows.npy")
    #expect(rows.map(\.count) == [64, 64])
    for row in rows { #expect(abs(cosine(row, row) - 1) < 1e-6 && abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5) }

    let lines = try faceq("embed", "se.gguf", images[0], images[1], "--csv").split(separator: "\n")
    #expect(lines.count == 2)
    for (index, line) in lines.enumerated() {
      let fields = line.split(separator: ",")
      #expect(fields[0] == images[index])
      #expect(fields.dropFirst().map { Float($0) } == rows[index])
    }

    let json = try members(try faceq("embed", "se.gguf", images[0], images[1], "--json"))
    let embeddings = try #require(json["embeddings"] as? [[String: Any]])
    #expect(embeddings.map { $0["image"] as? String } == images)
    #expect(embeddings.map { ($0["embedding"] as? [Double])?.map { Float($0) } } == rows)

    let summary = try faceq("embed", "se.gguf", images[0], images[1])
    #expect(summary.split(separator: "\n").count == 3)
  }

  @Test func flipChangesTheEmbedding() throws {
    _ = try faceq("embed", "se.gguf", "face1.jpg", "-o", "plain.npy")
    _ = try faceq("embed", "se.gguf", "face1.jpg", "--flip", "-o", "flip.npy")
    let similarity = cosine(try bench.rows("plain.npy")[0], try bench.rows("flip.npy")[0])
    #expect(similarity > 0.5 && similarity < 0.9999)
  }

  @Test func pathsInCSVAreQuoted() throws {
    try FileManager.default.copyItem(atPath: bench.folder("face1.jpg"), toPath: bench.folder("a, \"b\".jpg"))
    #expect(try faceq("embed", "se.gguf", "a, \"b\".jpg", "--csv").hasPrefix("\"a, \"\"b\"\".jpg\","))
  }

  @Test func instructionSetFromTheEnvironment() throws {
    let result = try bench.faceq(["embed", "se.gguf", "face1.jpg", "--json"], environment: ["FACEQ_ISA": "portable"])
    #expect(try members(result.output)["isa"] as? String == "portable")
    let refused = try bench.faceq(["embed", "se.gguf", "face1.jpg"], environment: ["FACEQ_ISA": "abacus"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("abacus"))
  }

  @Test(arguments: ["se.gguf", "se.int8.gguf"])
  func compareEveryPair(model: String) throws {
    let json = try members(try faceq("compare", "--model", model, "face1.jpg", "face2.jpg", "face1.jpg", "--json"))
    #expect(json["input_shape"] as? [Int] == [3, 112, 112, 3])
    #expect(json["embedding_shape"] as? [Int] == [3, 64])
    let pairs = try #require(json["pairs"] as? [[String: Any]])
    #expect(pairs.map { $0["a"] as? String } == ["face1.jpg", "face1.jpg", "face2.jpg"])
    #expect(pairs.map { $0["b"] as? String } == ["face2.jpg", "face1.jpg", "face1.jpg"])
    let cosines = try #require(pairs.map { $0["cosine"] } as? [Double])
    #expect(cosines[1] == 1 && cosines[0] == cosines[2] && cosines[0] < 0.999)
    let text = try faceq("compare", "--model", model, "face1.jpg", "face2.jpg")
    #expect(text.contains("[2, 112, 112, 3]") && text.contains("[2, 64]"))
  }

  @Test func benchSaysWhereTheTimeGoes() throws {
    let report = try members(try faceq("bench", "se.int8.gguf", "--layers", "--runs", "2", "--threads", "1", "--json"))
    for name in ["kinds", "layers"] {
      let rows = try #require(report[name] as? [[String: Any]])
      #expect(abs(rows.compactMap { $0["share"] as? Double }.reduce(0, +) - 1) < 1e-2)
    }
    let layers = try #require(report["layers"] as? [[String: Any]]).compactMap { $0["name"] as? String }
    #expect(layers.first == "image" && layers.suffix(2) == ["head", "embedding"])
    #expect(try faceq("bench", "se.int8.gguf", "--layers", "--runs", "2").contains("| stem.0 |"))
    let text = try faceq("bench", "se.int8.gguf", "--layers", "--runs", "1", "--isa", "portable", "--winograd", "off")
    #expect(text.contains("| direct int16, portable |") && text.contains("| widened int8, portable |"))
  }

  @Test func benchComparesWithFloat() throws {
    let text = try faceq("bench", "se.int8.gguf", "--compare", "se.gguf", "--runs", "2", "--threads", "1")
    #expect(text.contains("int8 takes") || text.contains("int8 LOST"))
    let report = try members(
      try faceq("bench", "se.int8.gguf", "--compare", "se.gguf", "--runs", "2", "--threads", "1", "--json"))
    let compared = try #require(report["compared"] as? [String: Any])
    #expect(try #require(compared["ratio"] as? Double) > 0)
  }

  @Test(.enabled(if: processorCount() >= 2, "one core"))
  func benchSaysHowFarApartThreadsAre() throws {
    let json = try members(try faceq("bench", "se.int8.gguf", "--runs", "2", "--threads", "2", "--json"))
    let roundTrips = try #require(json["thread_round_trip_ns"] as? [Double])
    #expect(roundTrips.count == 2 && roundTrips.allSatisfy { $0 > 1 && $0 < 1e9 })
    let text = try faceq("bench", "se.int8.gguf", "--runs", "2", "--threads", "2")
    #expect(text.contains("ns from one to another and back"))
  }

  @Test func benchReportsWhatItsNumbersDependOn() throws {
    let json = try members(
      try faceq("bench", "se.int8.gguf", "--runs", "5", "--threads", "1", "--isa", "portable", "--json"))
    #expect(
      Set(json.keys) == [
        "median_ms", "min_ms", "p90_ms", "gmacs_per_s", "peak_rss_mib", "isa", "threads", "pinned_to", "cores",
        "thread_round_trip_ns", "precision", "revision",
      ])
    let (minimum, median, p90) = (json["min_ms"] as? Double, json["median_ms"] as? Double, json["p90_ms"] as? Double)
    let times = try #require([minimum, median, p90] as? [Double])
    #expect(times[0] > 0 && times == times.sorted())
    let rate = try #require(json["gmacs_per_s"] as? Double)
    #expect(abs(rate * times[1] / 152.6896 - 1) < 1e-3)
    #expect(json["isa"] as? String == "portable")
    #expect(json["threads"] as? Int == 1)
    #expect((json["thread_round_trip_ns"] as? [Double])?.isEmpty == true)
    #expect(json["precision"] as? String == "int8")
    let rows = try faceq("bench", "se.gguf", "--runs", "1").split(separator: "\n")
    #expect(rows.first?.hasPrefix("cores ") == true && rows.count == 4)
    #expect(rows.dropFirst().allSatisfy { $0.hasPrefix("| ") && $0.split(separator: "|").count == 10 })
  }

  @Test func revisionFromTheEnvironment() throws {
    let result = try bench.faceq(
      ["bench", "se.gguf", "--runs", "1", "--json"], environment: ["FACEQ_REVISION": "0123abcd"])
    #expect(try members(result.output)["revision"] as? String == "0123abcd")
  }

  @Test func driftOfAnInt8Model() throws {
    let json = try members(try faceq("drift", "se.gguf", "se.int8.gguf", "faces", "--json", "--min-cosine", "0.99"))
    #expect(json["images"] as? Int == 48)
    let cosine = try #require(json["cosine"] as? [String: Any])
    #expect(Set(cosine.keys) == ["mean", "median", "p5", "p1", "min", "worst"])
    let figures = try #require(["min", "p1", "p5", "median"].map { cosine[$0] } as? [Double])
    #expect(figures == figures.sorted() && figures[0] > 0.99 && figures[3] < 1)
    let blocks = try #require(json["blocks"] as? [[String: Any]])
    #expect(blocks.map { $0["block"] as? String } == (0..<8).map { "blocks.\($0)" })
    let decibels = try #require(blocks.map { $0["signal_to_noise_db"] } as? [Double])
    #expect(decibels.allSatisfy { $0 > 20 && $0 < 80 })

    // The image that is named has the cosine that is named.
    let worst = try #require(cosine["worst"] as? String)
    _ = try faceq("embed", "se.gguf", worst, "-o", "float.npy")
    _ = try faceq("embed", "se.int8.gguf", worst, "-o", "int8.npy")
    let again = QuantRuntime.cosine(try bench.rows("float.npy")[0], try bench.rows("int8.npy")[0])
    #expect(abs(Double(again) - figures[0]) < 1e-6)
  }

  @Test func driftAgainstEmbeddingsIsThatAgainstTheModel() throws {
    _ = try faceq("embed", "se.gguf", "faces", "-o", "reference.npy")
    let model = try members(try faceq("drift", "se.gguf", "se.int8.gguf", "faces", "--json"))
    let rows = try members(try faceq("drift", "reference.npy", "se.int8.gguf", "faces", "--json"))
    #expect(rows["cosine"] as? NSObject == model["cosine"] as? NSObject)
    #expect((rows["blocks"] as? [Any])?.isEmpty == true)
  }

  @Test func driftThatIsTooLargeFails() throws {
    let result = try bench.faceq("drift", "se.gguf", "rgb.gguf", "faces", "--json", "--min-cosine", "0.99")
    #expect(result.status == 1)
    #expect(try members(result.output)["images"] as? Int == 48)
    #expect(result.errorLines.count == 1 && result.errors.contains("rgb.gguf") && result.errors.contains("0.99"))
  }

  @Test func driftNamesAndSkipsBadImages() throws {
    let result = try bench.faceq("drift", "se.gguf", "se.int8.gguf", "mixed", "--json")
    #expect(result.status == 0)
    #expect(result.errorLines.count == 3 && result.errorLines.last == "faceq: 2 of 5 images were skipped")
    #expect(result.errors.contains("mixed/cut.jpg") && result.errors.contains("mixed/large.jpg"))
    let json = try members(result.output)
    #expect(json["images"] as? Int == 3)
    #expect(json["skipped"] as? Int == 2)
  }

  @Test func driftWithoutAnyUsableImageFails() throws {
    let result = try bench.faceq("drift", "se.gguf", "se.int8.gguf", "large", "cut.jpg")
    #expect(result.status == 1 && result.output == "")
    #expect(result.errorLines.last == "faceq: none of the 2 images could be used")
  }

  @Test func selfTestOfEveryInstructionSet() throws {
    let report = try faceq("selftest", "se.int8.gguf")
    let digest = try #require(try members(try faceq("info", "se.int8.gguf", "--json"))["digest"] as? String)
    #expect(report.contains(digest))
    let verdicts = report.split(separator: "\n").dropFirst(2).map { $0.split(separator: " ").map(String.init) }
    #expect(verdicts == instructionSets.map { [$0, "OK"] })
    #expect(try faceq("selftest", "se.int8.gguf", "--isa", "portable").split(separator: "\n").count == 3)
  }

  @Test func selfTestSeesOneWrongBit() throws {
    let path = bench.folder("wrong.gguf")
    let model = try Model(path: FilePath(bench.folder("se.int8.gguf")))
    guard case .int8(let graph) = model.network else { throw CommandFailure(message: "not int8") }
    var description = model.description
    let component = try #require(description.calibration?.selfTest.first)
    description.calibration?.selfTest[0] = component.nextUp
    try graph.write(to: FilePath(path), description)
    let result = try bench.faceq("selftest", "wrong.gguf")
    #expect(result.status == 1)
    #expect(result.output.contains("FAILED: 1 of 64 components differ with 1 thread"))
    #expect(!result.output.contains("OK"))
    #expect(result.errorLines.count == 1 && result.errors.contains("wrong.gguf"))
  }

  @Test(arguments: [
    ["info", "standin.gguf"], ["embed", "standin.gguf", "face1.jpg"],
    ["compare", "--model", "standin.gguf", "face1.jpg", "face2.jpg"],
    ["bench", "standin.gguf", "--runs", "1"], ["drift", "standin.gguf", "se.int8.gguf", "mixed/1.jpg"],
  ])
  func standInWeightsAreSaid(arguments: [String]) throws {
    let model = try Model(path: FilePath(bench.folder("se.gguf")))
    guard case .float(let graph) = model.network else { throw CommandFailure(message: "not float") }
    var description = model.description
    description.isStandIn = true
    try graph.write(to: FilePath(bench.folder("standin.gguf")), description)
    let result = try bench.faceq(arguments)
    #expect(result.status == 0)
    #expect(result.errors == "faceq: standin.gguf has stand-in weights: it was never trained and identifies nobody.\n")
  }

  @Test(arguments: [
    "import", "info", "embed", "compare", "drift", "bench", "selftest", "calibrate", "synth", "check-kernels",
  ])
  func helpHasAnExample(command: String) throws {
    let help = try faceq(command, "--help")
    #expect([" ", "\n"].contains { help.contains("\n    faceq \(command)" + $0) })
    if !["import", "info", "check-kernels"].contains(command) {
      #expect(help.contains("--isa") && help.contains("--threads"))
    }
  }
}
