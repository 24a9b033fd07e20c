import FaceBank
import FaceBankDatabase
import FaceqSupport
import TestSupport
import Testing

/// Banks whose checksums fit and whose contents cannot be: each is one sentence that names the file.
struct LyingBankTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let lies: [(key: String, value: GGUFValue)] = [
    ("version", .uint32(4)), ("version", .string("3")),
    ("embedding_size", .uint32(0)), ("embedding_size", .uint64(1 << 40)), ("embedding_size", .uint32(20)),
    ("people", .stringArray(["Ada"])), ("people", .stringArray(["Ada", "B\nb"])), ("people", .uint32Array([1, 2])),
    ("photos", .stringArray([])),
    ("ids", .uint64Array([1])), ("ids", .uint64Array([1, 1])), ("ids", .uint64Array([0, 1])),
    ("ids", .uint64Array([1, 3])), ("ids", .uint64Array([1, 1 << 63])), ("ids", .uint32Array([1, 2])),
    ("next_id", .uint64(2)), ("next_id", .uint64(1 << 60)), ("next_id", .uint64(.max)),
    ("times", .uint64Array([0])), ("times", .uint64Array([0, .max])),
    ("picture_sizes", .uint32Array([35])), ("picture_sizes", .uint32Array([35, 1])),
    ("picture_sizes", .uint32Array([30, 5])), ("picture_sizes", .uint32Array([.max, .max])),
    ("picture_sizes", .uint32Array([0, 0])),
    ("people_without_faces", .stringArray([""])), ("people_without_faces", .uint32(1)),
  ]

  private func write(replacing key: String? = nil, by value: GGUFValue? = nil) throws {
    let faces = Array(someFaces().prefix(2))
    var values: [(String, GGUFValue)] = [
      ("version", .uint32(3)), ("model", .string(binding.modelName)), ("digest", .string(binding.digest)),
      ("precision", .string(binding.precision)), ("embedding_size", .uint32(40)),
      ("people", .stringArray(faces.map(\.person.description))), ("photos", .stringArray(faces.map(\.photo))),
      ("ids", .uint64Array([1, 2])), ("next_id", .uint64(3)), ("times", .uint64Array([0, 1])),
      ("picture_sizes", .uint32Array([35, 0])), ("people_without_faces", .stringArray(["Eve"])),
    ]
    if let key {
      values.removeAll { $0.0 == key }
      if let value { values.append((key, value)) }
    }
    var writer = GGUFWriter()
    for (key, value) in values { writer.set("faceq.bank." + key, value) }
    writer.add("embeddings", dimensions: [2, 40], faces.flatMap(\.embedding))
    writer.add("pictures", dimensions: [35], jpeg(0).map { Int8(bitPattern: $0) })
    try writer.write(to: FilePath(folder("lying.bank")))
  }

  @Test func files() throws {
    let path = FilePath(folder("lying.bank"))
    try write()
    #expect(try BankFile().existingBank(at: path).people.map { $0.photos } == [2, 0])
    for lie in Self.lies {
      try write(replacing: lie.key, by: lie.value)
      expectSentence(lie.key) { _ = try BankFile().bank(at: path) }
      expectSentence(lie.key) { _ = try BankFile().removeAll(from: path) }
      try write(replacing: lie.key)
      expectSentence("no " + lie.key) { _ = try BankFile().bank(at: path) }
    }
  }

  @Test(arguments: [
    "UPDATE face SET id = -1 WHERE id = 2", "UPDATE face SET id = 9007199254740993 WHERE id = 2",
    "UPDATE face SET time = 'noon'", "UPDATE face SET time = -1", "UPDATE person SET name = '' WHERE id = 1",
    "UPDATE binding SET embedding_size = 41", "UPDATE binding SET embedding_size = -9223372036854775808",
    "UPDATE picture SET jpeg = 'text'", "UPDATE picture SET checksum = 1",
    "UPDATE picture SET jpeg = x'47494638', checksum = 944130375",
    "UPDATE face SET embedding = x'00', checksum = 0 WHERE id = 1",
    "CREATE VIEW other AS SELECT 1", "CREATE TRIGGER other AFTER INSERT ON face BEGIN SELECT 1; END",
    """
    DROP TABLE binding; CREATE VIEW binding AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    SELECT 'm' AS model, 'd' AS digest, 'int8' AS precision, count(*) AS embedding_size FROM n
    """,
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql || char(27) || '[2J' WHERE name = 'binding'",
    "PRAGMA user_version = 4", "DROP TABLE picture", "DROP TABLE person", "DELETE FROM binding",
  ])
  func databases(lie: String) throws {
    let path = FilePath(folder("people.db"))
    var faces = someFaces()
    faces[0].picture = EnrolledPicture(jpeg: jpeg(0))
    _ = try BankDatabase().add(faces, binding, to: path)
    try runPython([
      "-c", "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.executescript(sys.argv[2])",
      path.description, lie,
    ])
    expectSentence(lie) { _ = try BankDatabase().bank(at: path, pictures: true) }
  }

  private func expectSentence(_ lie: String, _ body: () throws -> Void) {
    let error = #expect(throws: FaceqError.self, "\(lie)") { try body() }
    let message = error?.message ?? ""
    #expect(message.contains(folder.path) && !message.unicodeScalars.contains(where: isUnsafe), "\(lie): \(message)")
  }
}
