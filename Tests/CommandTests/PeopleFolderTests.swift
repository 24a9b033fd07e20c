import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Banks of folders of people, on aligned faces.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct PeopleFolderTests {
  let bench: Bench

  init() throws {
    bench = try Workshop.shared.get().bench()
    for (face, name) in [(1, "people/Ada/1.jpg"), (2, "people/Bob/1.jpg"), (3, "people/Jose\u{301}/more/1.jpg")] {
      try copyFace(face, to: name)
    }
  }

  private func copyFace(_ face: Int, to name: String) throws {
    let folder = bench.folder((name as NSString).deletingLastPathComponent)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try bench.folder.write(try bench.folder.bytes("face\(face).jpg"), to: name)
  }

  private func faceq(_ command: String) throws -> ProgramResult {
    try bench.faceq(command.split(separator: " ").map(String.init))
  }

  private func people() throws -> [String: Int] {
    let list = try #require(try members(try faceq("bank list people.bank --json").output)["people"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: list.map { ($0["name"] as? String ?? "", $0["photos"] as? Int ?? 0) })
  }

  @Test func aPersonForEachSubfolder() throws {
    let result = try faceq("enroll people.bank people --model se.gguf")
    #expect(result.status == 0 && result.output == "people.bank: 3 photos of 3 people added\n")
    #expect(try people() == ["Ada": 1, "Bob": 1, "Jos\u{e9}": 1])
    let who = try faceq("identify people.bank face3.jpg --model se.gguf").output
    #expect(who.utf8.starts(with: "face3.jpg: Jos\u{e9}, cosine 1.0".utf8))
    #expect(try faceq("bank remove people.bank Jos\u{e9}").status == 0)
    #expect(try people() == ["Ada": 1, "Bob": 1])
  }

  @Test func whatIsNobodysIsNamed() throws {
    try copyFace(1, to: "people/stray.jpg")
    try FileManager.default.createDirectory(
      atPath: bench.folder("people/lost+found"), withIntermediateDirectories: true)
    let result = try faceq("enroll people.bank people --model se.gguf")
    #expect(result.status == 0)
    for named in [
      "people/stray.jpg is in no person's folder", "people/lost+found: it holds no", "1 of 4 images was skipped",
    ] {
      #expect(result.errors.contains(named))
    }
    #expect(try people().count == 3)
    let strict = try faceq("enroll new.bank people --model se.gguf --strict")
    #expect(strict.status == 1 && !FileManager.default.fileExists(atPath: bench.folder("new.bank")))
  }

  @Test func whatToDoWithoutSubfolders() throws {
    for (folder, advice) in [("faces", "has no subfolders"), ("face1.jpg", "is no folder"), ("none", "is no folder")] {
      let result = try faceq("enroll people.bank \(folder) --model se.gguf")
      #expect(result.status == 1 && result.errorLines.count == 1 && result.errors.contains("\(folder) \(advice)"))
    }
  }

  @Test func oneFaceUnderTwoNamesIsDoubtful() throws {
    try copyFace(1, to: "people/Eve/1.jpg")
    let result = try faceq("enroll people.bank people --model se.gguf")
    #expect(result.status == 0)
    #expect(result.errors.contains("warning: people/Ada/1.jpg of Ada is much like Eve (cosine 1.0"))
  }

  @Test func aPhotoOfSomebodyElseIsDoubtful() throws {
    try copyFace(2, to: "people/Ada/2.jpg")
    try copyFace(1, to: "people/Ada/3.jpg")
    let result = try faceq("enroll people.bank people --model se.gguf")
    #expect(result.errors.contains("warning: people/Ada/2.jpg is more like Bob (cosine 1.0"))
  }
}
