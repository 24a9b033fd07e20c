import FaceBank
import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Banks from end to end, on aligned faces.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct BankCommandTests {
  let bench: Bench

  init() throws { bench = try Workshop.shared.get().bench() }

  private func faceq(_ command: String) throws -> ProgramResult {
    try bench.faceq(command.split(separator: " ").map(String.init))
  }

  private func enrollTwo() throws {
    #expect(
      try faceq("enroll people.bank Ada face1.jpg face2.jpg --model se.gguf").output.contains("2 photos of Ada added"))
    #expect(try faceq("enroll people.bank Bob face3.jpg --model se.gguf").status == 0)
  }

  @Test func enrollAndIdentify() throws {
    try enrollTwo()
    let result = try faceq("identify people.bank face3.jpg face1.jpg --model se.gguf --json --threshold=-1")
    let rows = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    #expect(rows.map { $0["person"] as? String } == ["Bob", "Ada"])
    #expect(rows.map { $0["runner_up"] as? String } == ["Ada", "Bob"])
    #expect(abs((rows[0]["cosine"] as? Double ?? 0) - 1) < 1e-6)
    let text = try faceq("identify people.bank face3.jpg --model se.gguf")
    #expect(text.output.contains("face3.jpg: Bob, cosine 1.0") && text.output.contains("runner-up Ada"))
    let again = try faceq("enroll people.bank Bob face3.jpg --model se.gguf")
    #expect(again.output.contains("0 photos of Bob added, 1 there already"))
  }

  @Test func unknownBelowTheThreshold() throws {
    #expect(try faceq("enroll people.bank Ada face1.jpg --model se.gguf").status == 0)
    let result = try faceq("identify people.bank face2.jpg --model se.gguf --threshold 0.999999")
    #expect(result.status == 0 && result.output.hasPrefix("face2.jpg: unknown, nearest Ada with cosine "))
    #expect(try faceq("identify people.bank face2.jpg --model se.gguf --threshold 2").status == 1)
  }

  @Test func anotherModelIsRefused() throws {
    try enrollTwo()
    for command in ["identify people.bank face1.jpg", "enroll people.bank Eve face1.jpg"] {
      for model in ["se.int8.gguf", "ir.gguf", "rgb.gguf"] {
        let result = try faceq("\(command) --model \(model)")
        #expect(result.status == 1 && result.errors.contains("se.gguf (float32") && result.errors.contains("new bank"))
      }
    }
  }

  @Test func listAndRemove() throws {
    try enrollTwo()
    #expect(try faceq("bank list people.bank").output.contains("2 people, 3 photos"))
    #expect(try faceq("bank remove people.bank Ada").status == 0)
    let missing = try faceq("bank remove people.bank Ada")
    #expect(missing.status == 1 && missing.errors.contains("nobody"))
    let people = try #require(
      try members(try faceq("bank list people.bank --json").output)["people"] as? [[String: Any]])
    #expect(people.map { $0["name"] as? String } == ["Bob"])
  }

  @Test func facesOfAPerson() throws {
    try enrollTwo()
    #expect(try faceq("enroll people.bank Cid face1.jpg --model se.gguf --no-pictures").status == 0)
    let lines = try faceq("bank list people.bank Ada").output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "people.bank: Ada, 2 photos")
    #expect(lines[2].hasPrefix("face 2: face2.jpg, added 2") && lines[2].hasSuffix(", with a picture"))
    let people = try #require(
      try members(try faceq("bank list people.bank --json").output)["people"] as? [[String: Any]])
    let faces = try people.flatMap { try #require($0["faces"] as? [[String: Any]]) }
    #expect(faces.map { $0["id"] as? Int } == [1, 2, 3, 4])
    #expect(faces.map { $0["picture"] as? Bool } == [true, true, true, false])
    #expect(faces.allSatisfy { ($0["time"] as? Int ?? 0) > 1_700_000_000 })
    #expect(try faceq("bank remove people.bank --face 2").output == "people.bank: face 2 of Ada removed\n")
    #expect(try faceq("bank remove people.bank --face 2").errors.contains("no face 2"))
    #expect(try faceq("bank list people.bank Eve").errors.contains("nobody"))
    for command in ["bank remove people.bank", "bank remove people.bank Ada --face 1"] {
      #expect(try faceq(command).status == 64)
    }
  }

  @Test func renaming() throws {
    try enrollTwo()
    #expect(try faceq("bank rename people.bank Ada Eve").output == "people.bank: Ada is now called Eve\n")
    #expect(try faceq("bank rename people.bank Ada Zoe").errors.contains("nobody"))
    let taken = try faceq("bank rename people.bank Eve Bob")
    #expect(taken.status == 1 && taken.errors.contains("--merge"))
    #expect(try faceq("bank rename people.bank Eve Bob --merge").status == 0)
    #expect(try faceq("bank list people.bank").output.contains("Bob: 3 photos"))
  }

  @Test func exportAndImport() throws {
    try enrollTwo()
    func list(_ bank: String) throws -> String {
      let output = try faceq("bank list \(bank) --json").output
      return output.replacing(try Regex(#""photo": "[^"]*", "time": [0-9]+, "picture": (true|false)"#), with: "")
    }
    let people = try list("people.bank")
    for (file, model) in [("board.bank", ""), ("rows.npy", " --model se.gguf")] {
      #expect(try faceq("bank export people.bank -o \(file)").status == 0)
      #expect(try faceq("bank import \(file).db \(file)\(model)").output.contains("3 photos added"))
      #expect(try list("\(file).db") == people)
      #expect(try faceq("bank import \(file).db \(file)\(model)").output.contains("0 photos added, 3 there already"))
    }
    // Only the board's file has times and pictures.
    #expect(try faceq("bank list board.bank.db --json").output == faceq("bank list people.bank --json").output)
    #expect(try bench.folder.text("rows.names") == "Ada\nAda\nBob\n")
    #expect(try faceq("bank import new.db rows.npy").errors.contains("--model"))
    #expect(try faceq("bank import new.db rows.npy --model ir.gguf").errors.contains("has the shape [3, "))
    #expect(try faceq("bank import people.bank board.bank --model ir.gguf").status == 1)
    #expect(try faceq("identify board.bank face1.jpg --model se.gguf").errors.contains("import a board's bank"))
    #expect(try faceq("bank export people.bank -o people.bank").status == 1)
  }

  @Test func exportForSearchEngines() throws {
    try enrollTwo()
    let result = try faceq("bank export people.bank --format pgvector -o people.copy")
    #expect(result.status == 0 && result.output.hasPrefix("-- people.copy: 2 people\nCREATE EXTENSION"))
    #expect(result.output.contains("\n\\copy people FROM 'people.copy' (FORMAT binary)\n"))
    // The two rows: three fields each, the name behind its length, and at the end −1.
    let bytes = try bench.folder.bytes("people.copy")
    #expect(bytes.starts(with: Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0] + [UInt8](repeating: 0, count: 8)))
    #expect(Array(bytes[19..<28]) == [0, 3, 0, 0, 0, 3] + Array("Ada".utf8) && bytes.suffix(2) == [0xff, 0xff])
    #expect(try faceq("bank export people.bank --format npy -o people.copy").errors.contains("ends in .npy"))
    #expect(try faceq("bank export people.bank --format csv -o people.csv").status == 64)
  }

  @Test func aStrangersDigestIsNoSQL() throws {
    let binding = BankBinding(modelName: "net", digest: "0' OR '1", precision: "int8", embeddingSize: 1)
    let ada = EnrolledFace(person: PersonName("Ada"), photo: "a.jpg", embedding: [1])
    try BankFile().write(FaceBank(binding: binding, faces: [ada]), to: FilePath(bench.folder("stranger.bank")))
    #expect(try faceq("bank import stranger.db stranger.bank").status == 0)
    let result = try faceq("bank export stranger.db --format pgvector -o stranger.copy")
    #expect(result.output.contains("CHECK (model = '0'' OR ''1'),"))
  }

  @Test func identifyInAGallery() throws {
    try enrollTwo()
    #expect(try faceq("bank export people.bank --format gallery -o people.gallery").status == 0)
    for command in ["face3.jpg face1.jpg --model se.gguf --json", "face2.jpg --model se.gguf --threshold 0.999999"] {
      let result = try faceq("identify people.gallery \(command)")
      #expect(try result.status == 0 && result.output == faceq("identify people.bank \(command)").output)
    }
    #expect(try faceq("identify people.gallery face1.jpg --model ir.gguf").errors.contains("another model"))
  }

  /// SQLite would take these for a database in memory, and an enrolment would be lost.
  @Test(arguments: [":memory:", "file:people?mode=memory"]) func anyNameIsAFile(name: String) throws {
    #expect(try bench.faceq("enroll", name, "Ada", "face1.jpg", "--model", "se.gguf").status == 0)
    #expect(try bench.newFiles() == [name])
    #expect(try bench.faceq("bank", "list", name).output.contains("Ada"))
  }

  @Test func anEmptyNameIsRefused() throws {
    let result = try bench.faceq("enroll", "", "Ada", "face1.jpg", "--model", "se.gguf")
    #expect(result.status != 0 && result.errors.contains("a bank needs a file name"))
  }

  @Test func badInput() throws {
    try enrollTwo()
    for command in [
      "identify none.bank face1.jpg --model se.gguf", "identify people.bank cut.jpg --model se.gguf",
      "identify se.gguf face1.jpg --model se.gguf", "enroll people.bank Eve cut.jpg --model se.gguf",
      "enroll none/people.bank Eve face1.jpg --model se.gguf", "bank list none.bank",
      "bank import people.bank none.bank",
      "bank import people.bank se.gguf", "bank export none.bank -o new.bank",
    ] {
      let result = try faceq(command)
      #expect(result.status == 1 && result.errorLines.count == 1, "\(command): \(result.errors)")
    }
    let partial = try faceq("enroll people.bank Eve face1.jpg cut.jpg --model se.gguf")
    #expect(
      partial.status == 0 && partial.errors.contains("1 of 2 images was skipped")
        && partial.output.contains("1 photo of Eve added"))
    let name = try bench.faceq("enroll", "people.bank", "", "face1.jpg", "--model", "se.gguf")
    #expect(name.status == 1 && name.errors.contains("name"))
  }

  /// Whenever a program is killed, the bank holds all that was added before, nothing by halves, and can be added to.
  @Test func killedWhileAdding() throws {
    let size = try #require(try members(try faceq("info se.gguf --json").output)["embedding_size"] as? Int)
    let count = 1000
    var rows = [Float](repeating: 0, count: count * size)
    for row in 0..<count {
      rows[row * size + row % size] = 0.8
      rows[row * size + (row + 1 + row / size) % size] = 0.6
    }
    try writeNPY(path: FilePath(bench.folder("rows.npy")), rows: count, columns: size, values: rows)
    var photos = 0
    for round in 0..<20 {
      try bench.folder.write(Array(String(repeating: "Person \(round)\n", count: count).utf8), to: "rows.names")
      let child = Process()
      child.executableURL = URL(fileURLWithPath: faceqPath)
      child.arguments = ["bank", "import", "people.bank", "rows.npy", "--model", "se.gguf"]
      child.currentDirectoryURL = URL(fileURLWithPath: bench.folder.path)
      child.standardOutput = FileHandle.nullDevice
      child.standardError = FileHandle.nullDevice
      try child.run()
      usleep(UInt32(5_000 * round))
      kill(child.processIdentifier, SIGKILL)
      child.waitUntilExit()
      // A database of no size, or none, is no bank yet.
      let list = try faceq("bank list people.bank --json")
      guard list.status == 0 else {
        #expect(photos == 0 && list.errors.contains("there is no bank"))
        continue
      }
      let people = try #require(try members(list.output)["people"] as? [[String: Any]])
      let all = people.compactMap { $0["photos"] as? Int }
      #expect(all.allSatisfy { $0 == all.first })
      let now = all.reduce(0, +)
      #expect(now >= photos)
      photos = now
    }
    #expect(try faceq("bank import people.bank rows.npy --model se.gguf").status == 0)
    #expect(try faceq("bank list people.bank").output.contains("Person 19"))
  }
}
