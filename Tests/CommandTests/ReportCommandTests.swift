import Foundation
import TestSupport
import Testing

/// `drift --report` and `calibrate --report` from end to end, on a stand-in network.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct ReportCommandTests {
  let bench: Bench

  init() throws { bench = try Workshop.shared.get().bench() }

  @Test func theReportHasTheFiguresOfTheJSON() throws {
    let result = try bench.faceq(
      "drift", "se.gguf", "se.int8.gguf", "faces", "--json", "--report", "r.html", "--min-cosine", "0.9")
    #expect(result.status == 0 && result.errors == "")
    let json = try members(result.output)
    #expect((json["warnings"] as? [String])?.isEmpty == true)
    let page = try bench.folder.text("r.html")
    let cosine = try #require(json["cosine"] as? [String: Any])
    for key in ["mean", "p5", "p1", "min"] {
      let value = try #require(cosine[key] as? Double)
      #expect(page.contains("<b>" + String(format: "%.6f", value) + "</b>"), "\(key)")
    }
    #expect(page.contains(try #require(cosine["worst"] as? String)) && page.contains("data:image/jpeg;base64,"))
    #expect(page.contains("Passes the gate"))
  }

  @Test func aFailedGateLeavesAReport() throws {
    let result = try bench.faceq(
      "drift", "se.gguf", "se.int8.gguf", "faces", "--report", "r.html", "--min-cosine", "1")
    #expect(result.status == 1 && result.errorLines.count == 1)
    #expect(try bench.folder.text("r.html").contains("Fails the gate"))
  }

  @Test func calibrationReports() throws {
    let result = try bench.faceq("calibrate", "se.gguf", "faces", "-o", "new.gguf", "--report", "r.html")
    #expect(result.status == 0)
    #expect(try bench.newFiles() == ["new.gguf", "r.html"])
    #expect(try bench.folder.bytes("new.gguf") == bench.folder.bytes("se.int8.gguf"))
    #expect(try bench.folder.text("r.html").contains("Is the calibration set large enough?"))
  }

  /// The network was made for BGR: as RGB all its embeddings are alike.
  @Test(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)))
  func swappedChannelsAreWarnedAbout() throws {
    let warned = try bench.faceq("calibrate", "rgb.gguf", "faces", "-o", "new.gguf")
    #expect(warned.status == 0)
    #expect(warned.errors.contains("warning: swapped channels") && warned.errors.contains("faceq import --channels"))
    #expect(try bench.newFiles() == ["new.gguf"])
  }

  @Test(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)))
  func strictWritesNothing() throws {
    let result = try bench.faceq("calibrate", "rgb.gguf", "faces", "-o", "new.gguf", "--strict", "--report", "r.html")
    #expect(result.status == 1 && result.output == "")
    #expect(try bench.newFiles().isEmpty)
  }

  @Test(arguments: ["none/r.html", "faces", "se.gguf"])
  func anImpossibleReportIsRefusedFirst(path: String) throws {
    let result = try bench.faceq("drift", "se.gguf", "se.int8.gguf", "faces", "--report", path)
    #expect(result.status == 1 && result.output == "" && result.errorLines.count == 1)
    #expect(result.errors.contains(path))
    #expect(try bench.newFiles().isEmpty)
  }
}
