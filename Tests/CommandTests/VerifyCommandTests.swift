import FaceqSupport
import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct VerifyCommandTests {
  let bench: Bench

  init() throws {
    bench = try Workshop.shared.get().bench()
    // A face is the same as itself and another than the next: a network without training gets that right.
    var lines = ["left,right,same"]
    for index in 100..<124 {
      lines.append("\(index).jpg,\(index).jpg,1")
      lines.append("\"\(index).jpg\",\(index + 1).jpg,false")
    }
    try bench.folder.write((lines.joined(separator: "\r\n") + "\n").utf8, to: "pairs.csv")
  }

  @Test func bothModelsSideBySide() throws {
    let result = try bench.faceq("verify", "se.int8.gguf", "pairs.csv", "--root", "faces", "--against", "se.gguf")
    #expect(result.status == 0 && result.errors == "")
    for text in ["accuracy, 10-fold", "100.00 %", "AUC", "EER", "TAR at FAR 0.01", "0 of 48 decisions flip"] {
      #expect(result.output.contains(text))
    }
    #expect(result.output.contains("24 pairs of different persons cannot show a FAR of 0.001"))
  }

  @Test func json() throws {
    let result = try bench.faceq(
      "verify", "se.gguf", "pairs.csv", "--root", "faces/", "--against", "se.int8.gguf", "--far", "0.25", "--json")
    let report = try members(result.output)
    #expect(report["pairs"] as? Int == 48 && report["same"] as? Int == 24 && report["skipped"] as? Int == 0)
    #expect(report["flipped"] as? Int == 0)
    let models = try #require(report["models"] as? [[String: Any]])
    #expect(models.map { $0["model"] as? String } == ["se.gguf", "se.int8.gguf"])
    for model in models {
      #expect(model["auc"] as? Double == 1)
      #expect((model["fold_thresholds"] as? [Double])?.count == 10)
      let points = try #require(model["operating_points"] as? [[String: Any]])
      #expect(points.map { $0["far"] as? Double } == [0.01, 0.001, 0.25])
    }
    let cosines = try #require(report["cosines"] as? [[String: Any]])
    #expect(cosines.count == 48)
    let first = try #require(cosines.first)
    #expect(first["left"] as? String == "100.jpg" && first["same"] as? Bool == true)
    #expect((first["cosines"] as? [Double])?.allSatisfy { $0 > 0.99999 } == true)
  }

  /// LFW's own lists: with tabs or blanks, with one number in front, two or none, as Windows or Linux end lines.
  @Test(arguments: [("10\t300\n", "\t", "\n"), ("24\n", " ", "\r\n"), ("", "\t", "\n"), ("\u{feff}24\r", "  ", "\r")])
  func listOfLFW(head: String, blank: String, end: String) throws {
    let people = (0..<12).map { "Person_\($0)" } + ["Jos\u{e9} N\u{fa}\u{f1}ez"]
    let names = blank == "\t" ? people : people.map { $0.replacing(" ", with: "_") }
    var lines: [String] = []
    for (index, name) in names.enumerated() {
      try FileManager.default.createDirectory(atPath: bench.folder("lfw/" + name), withIntermediateDirectories: true)
      let face = bench.folder("faces/\(100 + index).jpg")
      for file in ["\(name)_0001.jpg", "\(name)_0002.png"] {
        try FileManager.default.createSymbolicLink(
          atPath: bench.folder("lfw/\(name)/\(file)"), withDestinationPath: face)
      }
      lines.append([name, "1", "2"].joined(separator: blank))
      lines.append([name, "2", names[(index + 1) % names.count], "1"].joined(separator: blank))
    }
    try bench.folder.write((head + lines.joined(separator: end) + end).utf8, to: "pairs.txt")
    let result = try bench.faceq("verify", "se.gguf", "pairs.txt", "--root", "lfw", "--json")
    #expect(result.status == 0 && result.errors == "")
    let report = try members(result.output)
    #expect(report["pairs"] as? Int == 26 && report["same"] as? Int == 13)
    let first = try #require((report["cosines"] as? [[String: Any]])?.first)
    #expect(first["left"] as? String == "Person_0/Person_0_0001.jpg")
    #expect(first["right"] as? String == "Person_0/Person_0_0002.png")
  }

  @Test func badLineOfLFW() throws {
    try bench.folder.write("1\nAda 1 2\nBob 1 x\n".utf8, to: "bad.txt")
    let result = try bench.faceq("verify", "se.gguf", "bad.txt", "--root", "faces")
    #expect(
      result.status == 1 && result.errorLines.count == 1 && result.errors.contains("bad.txt, line 3: this is no pair"))
  }

  @Test func pairsThatCannotBeUsedAreLeftOut() throws {
    let text = try bench.folder.text("pairs.csv") + "none.jpg,100.jpg,0\n100.jpg,none.jpg,1\n"
    try bench.folder.write(text.utf8, to: "more.csv")
    let result = try bench.faceq("verify", "se.gguf", "more.csv", "--root", "faces")
    #expect(result.status == 0)
    #expect(result.output.contains("skipped 2") && result.errorLines.count == 1)
    #expect(result.errors.contains("faces/none.jpg"))
  }

  @Test(arguments: [
    ("", "bad.csv"), ("a,b,same\n", "line 1"), ("left,right,same\n1.jpg,2.jpg\n", "line 2"),
    ("left,right,same\n1.jpg,2.jpg,maybe\n", "line 2"), ("left,right,same\n,2.jpg,1\n", "line 2"),
    ("left,right,same\n\"1.jpg,2.jpg,1\n", "line 2"), ("left,right,same\n1\0.jpg,2.jpg,1\n", "line 2"),
    ("left,right,same\n100.jpg,101.jpg,1\n", "at least 10"), ("left,right,same\n", "at least 10"),
  ])
  func badLists(text: String, named: String) throws {
    try bench.folder.write(text.utf8, to: "bad.csv")
    let result = try bench.faceq("verify", "se.gguf", "bad.csv", "--root", "faces")
    #expect(result.status == 1 && result.output == "")
    #expect(result.errorLines.count == 1 && result.errors.contains("bad.csv") && result.errors.contains(named))
  }

  @Test(arguments: [
    ("verify none.gguf pairs.csv --root faces", "none.gguf"), ("verify se.gguf none.csv --root faces", "none.csv"),
    ("verify se.gguf face1.jpg --root faces", "face1.jpg"),
    ("verify se.gguf pairs.csv --root faces --far 0", "--far"),
    ("verify se.gguf pairs.csv --root faces --far nan", "--far"),
    ("verify se.gguf pairs.csv --root faces --against cut.gguf", "cut.gguf"),
  ])
  func badArguments(command: String, named: String) throws {
    let result = try bench.faceq(command.split(separator: " ").map(String.init))
    #expect(result.status == 1 && result.output == "")
    #expect(result.errorLines.count == 1 && result.errors.contains(named))
  }
}
