import FaceqSupport
import Foundation
import QuantRuntime
import Report
import TestSupport
import Testing

struct PageTests {
  private static let hostile = "x/<script>alert(1)</script>&\"'\u{1}/a\"onerror=\"b.jpg"

  private func report() throws -> QualityReport {
    let models = try smallModels()
    let pictures = Pictures(count: 24)
    let sessions = (
      try EmbeddingSession(models.float, kernels: kernels(nil), threads: 1),
      try EmbeddingSession(models.int8, kernels: kernels(nil), threads: 1)
    )
    let faces = try (0..<24).map { index in
      let pixels = try pictures.pixels(index)
      return QualityReport.Face(
        path: FilePath(index == 3 ? Self.hostile : "people/person\(index / 8)/\(index).jpg"),
        reference: try sessions.0.embed(pixels), embedding: try sessions.1.embed(pixels))
    }
    var report = QualityReport(
      model: models.int8, modelName: Self.hostile, referenceName: Self.hostile, referenceDigest: nil,
      facesName: Self.hostile, faces: faces, tool: "test")
    report.comparison = try NetworkComparison(
      float: models.float, int8: models.int8, faces: try (0..<4).map { try pictures.pixels($0) },
      kernels: kernels(nil), threads: 1
    ) {}
    report.findings = [Finding(.notFaces, Self.hostile)]
    report.gate = 0.9
    report.trend = [10, 20].map { TrendPoint(images: $0, drift: report.drift) }
    report.worst = report.worstFaces(10).map {
      QualityReport.Picture(path: faces[$0].path, cosine: faces[$0].cosine, jpeg: [0xFF, 0xD8, 0xFF, 0xE0])
    }
    report.timing = QualityReport.Timing(float: 2, int8: 1, instructionSet: "portable")
    return report
  }

  @Test func tagsBalance() throws {
    let page = try report().page
    let voids: Set<String> = ["meta", "img", "!DOCTYPE"]
    var open: [String] = []
    for match in page.matches(of: /<(\/?)([!a-zA-Z0-9]+)(?:\s[^<>]*?)?(\/?)>/) {
      let name = String(match.output.2)
      if voids.contains(name) || !match.output.3.isEmpty { continue }
      if match.output.1.isEmpty { open.append(name) } else { #expect(open.popLast() == name) }
    }
    #expect(open.isEmpty)
    #expect(page.count { $0 == "<" } == page.matches(of: /<\/?[!a-zA-Z]/).count)
  }

  @Test func nothingComesFromElsewhere() throws {
    let page = try report().page.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "")
    for word in ["http:", "https:", "<script", "<link", "@import", "url(", "src=\"/"] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test func namesAreNeverMarkup() throws {
    let page = try report().page
    #expect(!page.contains("<script") && !page.contains("\"onerror"))
    #expect(page.contains("x/&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;\u{FFFD}/a&quot;onerror=&quot;b.jpg"))
    #expect(!page.unicodeScalars.contains("\u{1}"))
  }

  @Test func everySectionIsThere() throws {
    let report = try report()
    let page = report.page
    for heading in [
      "Faces", "Where the loss comes from", "Scales and clipping", "Is the calibration set large enough?",
      "The 10 worst faces", "Time for one embedding", "Provenance",
    ] {
      #expect(page.contains("<h2>\(heading)</h2>"), "\(heading)")
    }
    #expect(page.contains("data:image/jpeg;base64,/9j/4A=="))
    #expect(page.contains("Passes the gate"))
    var failing = report
    failing.gate = 1
    #expect(failing.page.contains("Fails the gate"))
  }

  @Test func whatIsMissingIsLeftOut() throws {
    var report = try report()
    (report.comparison, report.timing, report.gate) = (nil, nil, nil)
    (report.trend, report.worst, report.findings) = ([], [], [])
    let page = report.page
    for word in [
      "Where the loss", "Scales and", "large enough", "worst faces", "Time for", "the gate", ">nan", ">inf", "\"nan",
      "\"inf",
    ] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test func worstFacesFirst() throws {
    let report = try report()
    let worst = report.worstFaces(10)
    #expect(worst.count == 10)
    #expect(report.faces[worst[0]].cosine == report.drift.minimum)
    #expect(zip(worst, worst.dropFirst()).allSatisfy { report.faces[$0].cosine <= report.faces[$1].cosine })
  }

  @Test func anUnwritablePlaceIsOneSentence() throws {
    let folder = try TemporaryFolder()
    let report = try report()
    let error = #expect(throws: FaceqError.self) { try report.write(to: FilePath(folder("none/r.html"))) }
    #expect(error?.message.contains("none/r.html") == true)
    try report.write(to: FilePath(folder("r.html")))
    #expect(try folder.names() == ["r.html"])
  }
}
