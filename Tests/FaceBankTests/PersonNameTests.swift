import FaceBank
import FaceBankDatabase
import FaceqSupport
import TestSupport
import Testing

struct PersonNameTests {
  /// `José` as a Linux keyboard writes it, and as a Mac's file system has it.
  private let composed = "Jos\u{e9}"
  private let decomposed = "Jose\u{301}"

  @Test func namesAreInNormalFormC() throws {
    for (text, normal) in [
      (decomposed, composed), ("\u{212b}", "\u{c5}"), ("\u{1112}\u{1161}\u{11ab}", "\u{d55c}"),
      ("a\u{323}\u{307}", "\u{1ea1}\u{307}"),
      ("a\u{307}\u{323}", "\u{1ea1}\u{307}"), ("\u{fb01}", "\u{fb01}"), ("岡田", "岡田"),
    ] {
      #expect(Array(PersonName(text).description.utf8) == Array(normal.utf8))
      #expect(try PersonName(bytes: Array(text.utf8)) == PersonName(normal))
    }
    #expect(Set([PersonName(composed), PersonName(decomposed)]).count == 1)
  }

  @Test(arguments: [[], [0x4a, 0xf6], [0x41, 0x0a], [UInt8](repeating: 0x41, count: 201)] as [[UInt8]])
  func whatIsNoName(bytes: [UInt8]) {
    let error = #expect(throws: FaceqError.self) { try PersonName(bytes: bytes) }
    #expect(error?.message.contains("name") == true)
  }

  private func faces(_ name: String) -> [EnrolledFace] {
    var vectors = RandomVectors(seed: 5)
    return (0..<3).map { EnrolledFace(person: PersonName(name), photo: "\($0).jpg", embedding: vectors.next()) }
  }

  @Test func aNameInTwoFormsIsOnePerson() throws {
    let folder = try TemporaryFolder()
    let storages: [(any BankStorage, String)] = [(BankDatabase(), "people.db"), (BankFile(), "people.bank")]
    for (storage, name) in storages {
      let path = FilePath(folder(name))
      #expect(try storage.add(Array(faces(composed).prefix(2)), binding, to: path) == 2)
      #expect(try storage.add(faces(decomposed), binding, to: path) == 1)
      #expect(try storage.existingBank(at: path).people.map { $0.photos } == [3])
      #expect(try storage.remove(PersonName(decomposed), from: path) == 3)
      #expect(try storage.existingBank(at: path).faces.isEmpty)
    }
  }

  /// Both persons of an older bank, of whom they share a photo, are one.
  @Test func olderDatabases() throws {
    let folder = try TemporaryFolder()
    let path = FilePath(folder("people.db"))
    func makeOld() throws {
      #expect(try BankDatabase().add(Array(faces("Old").prefix(2)), binding, to: path) == 2)
      #expect(try BankDatabase().add(faces(composed), binding, to: path) == 3)
      try runPython([
        "-c",
        "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute('UPDATE person SET name = ? WHERE name = ?', "
          + "('Jose\\u0301', 'Old')); d.commit()", path.description,
      ])
    }
    try makeOld()
    #expect(try BankDatabase().existingBank(at: path).people.map { $0.photos } == [3])
    #expect(try BankDatabase().remove(PersonName(decomposed), from: path) == 3)
    #expect(try BankDatabase().existingBank(at: path).faces.isEmpty)
    try makeOld()
    #expect(try BankDatabase().add(faces(decomposed), binding, to: path) == 0)
    #expect(try BankDatabase().remove(PersonName(composed), from: path) == 3)
  }

  @Test func olderFiles() throws {
    let folder = try TemporaryFolder()
    let path = FilePath(folder("people.bank"))
    let known = faces(composed)
    var writer = GGUFWriter()
    writer.set("faceq.bank.version", .uint32(2))
    writer.set("faceq.bank.model", .string(binding.modelName))
    writer.set("faceq.bank.digest", .string(binding.digest))
    writer.set("faceq.bank.precision", .string(binding.precision))
    writer.set("faceq.bank.embedding_size", .uint32(40))
    writer.set("faceq.bank.people", .stringArray([decomposed, decomposed, composed, composed, composed]))
    writer.set("faceq.bank.photos", .stringArray(["0", "1", "0", "1", "2"]))
    writer.add("embeddings", dimensions: [5, 40], (known.prefix(2) + known).flatMap(\.embedding))
    try writer.write(to: path)
    #expect(try BankFile().existingBank(at: path).people.map { $0.photos } == [3])
    #expect(try BankFile().remove(PersonName(decomposed), from: path) == 3)
    #expect(try BankFile().existingBank(at: path).faces.isEmpty)
  }
}
