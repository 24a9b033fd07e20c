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
      #expect(try storage.add(Array(faces(composed).prefix(2)), binding, to: path).added == 2)
      #expect(try storage.add(faces(decomposed), binding, to: path).added == 1)
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
      try makeOldDatabase(
        at: path, faces(composed).prefix(2).map { (decomposed, $0) } + faces(composed).map { (composed, $0) })
    }
    try makeOld()
    #expect(try BankDatabase().existingBank(at: path).people.map { $0.photos } == [3])
    #expect(try BankDatabase().remove(PersonName(decomposed), from: path) == 3)
    #expect(try BankDatabase().existingBank(at: path).faces.isEmpty)
    try makeOld()
    #expect(try BankDatabase().add(faces(decomposed), binding, to: path).added == 0)
    #expect(try BankDatabase().remove(PersonName(composed), from: path) == 3)
  }

  @Test func olderFiles() throws {
    let folder = try TemporaryFolder()
    let path = FilePath(folder("people.bank"))
    try makeOldFile(
      at: path, faces(composed).prefix(2).map { (decomposed, $0) } + faces(composed).map { (composed, $0) })
    #expect(try BankFile().existingBank(at: path).people.map { $0.photos } == [3])
    #expect(try BankFile().remove(PersonName(decomposed), from: path) == 3)
    #expect(try BankFile().existingBank(at: path).faces.isEmpty)
  }
}
