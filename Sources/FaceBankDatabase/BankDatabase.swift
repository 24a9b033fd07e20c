import CSystem
import FaceBank
import FaceqSupport

/// Banks as SQLite databases: an enrolment is a transaction, whatever the size of the bank.
public struct BankDatabase: BankStorage {
  public init() {}

  public func binding(of path: FilePath) throws(FaceqError) -> BankBinding? {
    guard fileExists(path) else { return nil }
    return try open(path).transaction(writing: false) { database throws(FaceqError) in try storedBinding(database) }
  }

  public func bank(at path: FilePath) throws(FaceqError) -> FaceBank? {
    guard fileExists(path) else { return nil }
    return try open(path).transaction(writing: false) { database throws(FaceqError) in
      guard let binding = try storedBinding(database) else { return nil }
      var faces: [(name: String, face: EnrolledFace)] = []
      try database.forEachRow(
        "SELECT person.name, photo, embedding, checksum FROM face JOIN person ON person.id = person ORDER BY face.id"
      ) { row throws(FaceqError) in
        let embedding = floats(try row.blob(2))
        guard checksum(embedding) == (try row.integer(3)) else {
          throw damagedBank(path, "an embedding has changed")
        }
        let name = try row.text(0)
        let face = EnrolledFace(person: PersonName(name), photo: try row.text(1), embedding: embedding)
        faces.append((name, face))
      }
      let bank = FaceBank(binding: binding, stored: faces)
      try bank.check(in: path)
      return bank
    }
  }

  public func add(_ faces: [EnrolledFace], _ binding: BankBinding, to path: FilePath) throws(FaceqError) -> Int {
    try open(path).transaction(writing: true) { database throws(FaceqError) in
      if let stored = try storedBinding(database) {
        try stored.check(binding, bank: path)
        try normaliseNames(database)
        if stored.detector == nil { try record(binding.detector, database) }
      } else {
        try create(database, binding)
        try record(binding.detector, database)
      }
      var added = 0
      for face in faces {
        let name = face.person.description
        try database.execute("INSERT OR IGNORE INTO person (name) VALUES (?)", .text(name))
        try database.execute(
          """
          INSERT OR IGNORE INTO face (person, photo, embedding, checksum)
          SELECT id, ?, ?, ? FROM person WHERE name = ?
          """, .text(face.photo), .blob(bytes(face.embedding)), .integer(checksum(face.embedding)), .text(name))
        added += database.changedRows
      }
      return added
    }
  }

  public func remove(_ person: PersonName, from path: FilePath) throws(FaceqError) -> Int {
    guard fileExists(path) else { throw noBank(path) }
    return try open(path).transaction(writing: true) { database throws(FaceqError) in
      guard try storedBinding(database) != nil else { throw noBank(path) }
      try normaliseNames(database)
      let name = SQLiteValue.text(person.description)
      try database.execute("DELETE FROM face WHERE person = (SELECT id FROM person WHERE name = ?)", name)
      let removed = database.changedRows
      try database.execute("DELETE FROM person WHERE name = ?", name)
      return removed
    }
  }

  /// A database, which is made where there is none.
  private func open(_ path: FilePath) throws(FaceqError) -> SQLiteDatabase {
    guard !path.isEmpty else { throw FaceqError("a bank needs a file name, and this one is empty") }
    try refuseOtherFiles(path)
    let database = try SQLiteDatabase(path: path)
    try database.execute("PRAGMA foreign_keys = ON")
    return database
  }

  /// An empty file is a database to SQLite, and what is left where the making of a bank was cut off.
  private func refuseOtherFiles(_ path: FilePath) throws(FaceqError) {
    var facts = system_file_facts()
    guard path.withCString({ system_facts_of_path($0, &facts) }) == 0, facts.size != 0 else { return }
    let file = try MappedFile(path: path)
    let head = withExtendedLifetime(file) { Array(file.bytes.prefix(16)) }
    if head.starts(with: Array("GGUF".utf8)) {
      throw FaceqError("\(path) is a model or a board's bank; import a board's bank into one of this machine")
    }
    guard head.elementsEqual(Array("SQLite format 3\0".utf8)) else {
      throw FaceqError("\(path) is not a bank; name one that was enrolled")
    }
  }
}
