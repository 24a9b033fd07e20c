import FaceBank
import FaceqSupport
import QuantRuntime

/// Which version of a bank a database is, and what it is bound to.
struct BankSchema {
  /// 2 or, with times and pictures and numbers of faces that are never given again, 3.
  var version: Int64
  var binding: BankBinding

  var hasPictures: Bool { version == 3 }
}

private let faceTables = """
  -- An embedding is as many float32, little-endian, as the binding says; its checksum is Fletcher's sum of sums. The
  -- time is in seconds since 1970, and not known of faces from before times were kept.
  CREATE TABLE face (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES person, photo TEXT NOT NULL,
    embedding BLOB NOT NULL, checksum INTEGER NOT NULL, time INTEGER, UNIQUE (person, checksum));
  CREATE TABLE picture (
    face INTEGER PRIMARY KEY REFERENCES face ON DELETE CASCADE, jpeg BLOB NOT NULL, checksum INTEGER NOT NULL);
  PRAGMA user_version = 3;
  """

/// Makes the tables of a bank.
func makeTables(_ database: borrowing SQLiteDatabase, _ binding: BankBinding) throws(FaceqError) {
  try database.execute(
    """
    CREATE TABLE binding (
      model TEXT NOT NULL, digest TEXT NOT NULL, precision TEXT NOT NULL, embedding_size INTEGER NOT NULL);
    CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    \(faceTables)
    """)
  try database.execute(
    "INSERT INTO binding VALUES (?, ?, ?, ?)", .text(binding.modelName), .text(binding.digest),
    .text(binding.precision),
    .integer(Int64(binding.embeddingSize)))
}

/// Brings a bank of version 2 to version 3. Its faces keep their numbers.
func upgrade(_ database: borrowing SQLiteDatabase, _ schema: BankSchema) throws(FaceqError) {
  guard schema.version == 2 else { return }
  try database.execute(
    """
    ALTER TABLE face RENAME TO old_face;
    \(faceTables)
    INSERT INTO face SELECT id, person, photo, embedding, checksum, NULL FROM old_face;
    DROP TABLE old_face;
    """)
  try normaliseNames(database)
}

/// What a database is, nil where it is empty: the making of a bank was cut off before its first commit.
func storedSchema(_ database: borrowing SQLiteDatabase) throws(FaceqError) -> BankSchema? {
  let path = database.path
  var (version, tables, others): (Int64, Int64, Int64) = (0, 0, 0)
  try database.forEachRow("PRAGMA user_version") { row throws(FaceqError) in version = try row.integer(0) }
  // What a bank's queries ask for must be its tables: a view may be a query of somebody else's that never ends.
  try database.forEachRow(
    """
    SELECT count(*), coalesce(sum(type NOT IN ('table', 'index') OR sql LIKE 'CREATE VIRTUAL%'), 0) FROM sqlite_schema
    """
  ) { row throws(FaceqError) in (tables, others) = (try row.integer(0), try row.integer(1)) }
  if version == 0, tables == 0 { return nil }
  guard others == 0 else {
    throw FaceqError("\(path) holds views or triggers, which no bank has; name one that was enrolled")
  }
  guard version == 2 || version == 3 else {
    throw FaceqError("\(path) is a database, but not a bank that this faceq knows; name one that was enrolled")
  }
  var binding: BankBinding?
  try database.forEachRow(
    "SELECT model, digest, precision, embedding_size FROM binding LIMIT 1"
  ) { row throws(FaceqError) in
    let size = Int(try row.integer(3))
    guard (1...1 << 20).contains(size) else { throw damagedBank(path, "its embeddings have an impossible size") }
    binding = BankBinding(
      modelName: try row.text(0), digest: try row.text(1), precision: try row.text(2), embeddingSize: size)
  }
  binding?.detector = try storedDetector(database)
  guard let binding else { throw damagedBank(path, "it is bound to no model") }
  return BankSchema(version: version, binding: binding)
}

/// Records which detector found the faces; banks from before that have no table for it.
func record(_ detector: DetectorIdentity?, _ database: borrowing SQLiteDatabase) throws(FaceqError) {
  guard let detector else { return }
  try database.execute("CREATE TABLE IF NOT EXISTS detector (family TEXT NOT NULL, digest TEXT NOT NULL)")
  try database.execute("INSERT INTO detector VALUES (?, ?)", .text(detector.family), .text(detector.digest))
}

private func storedDetector(_ database: borrowing SQLiteDatabase) throws(FaceqError) -> DetectorIdentity? {
  var isRecorded = false
  try database.forEachRow("SELECT 1 FROM sqlite_schema WHERE name = 'detector'") { _ throws(FaceqError) in
    isRecorded = true
  }
  guard isRecorded else { return nil }
  var detector: DetectorIdentity?
  try database.forEachRow("SELECT family, digest FROM detector LIMIT 1") { row throws(FaceqError) in
    detector = DetectorIdentity(family: try row.text(0), digest: try row.text(1))
  }
  return detector
}

/// Brings names that older banks have in other forms into `PersonName`'s; people who then have one name become one.
private func normaliseNames(_ database: borrowing SQLiteDatabase) throws(FaceqError) {
  var people: [(id: Int64, stored: String, name: String)] = []
  try database.forEachRow("SELECT id, name FROM person WHERE name GLOB '*[^ -~]*'") { row throws(FaceqError) in
    let stored = try row.text(1)
    people.append((try row.integer(0), stored, PersonName(stored).description))
  }
  for person in people where !person.stored.utf8.elementsEqual(person.name.utf8) {
    try database.execute("INSERT OR IGNORE INTO person (name) VALUES (?)", .text(person.name))
    guard let id = try personID(PersonName(person.name), database) else { continue }
    try merge(person.id, into: id, database)
  }
}

/// Gives all faces of one person to another, and removes the one.
func merge(_ person: Int64, into other: Int64, _ database: borrowing SQLiteDatabase) throws(FaceqError) {
  try database.execute("UPDATE OR IGNORE face SET person = ? WHERE person = ?", .integer(other), .integer(person))
  // What is left are faces that the other had already.
  try database.execute("DELETE FROM face WHERE person = ?", .integer(person))
  try database.execute("DELETE FROM person WHERE id = ?", .integer(person))
}

func personID(_ name: PersonName, _ database: borrowing SQLiteDatabase) throws(FaceqError) -> Int64? {
  var id: Int64?
  try database.forEachRow("SELECT id FROM person WHERE name = ?", [.text(name.description)]) { row throws(FaceqError) in
    id = try row.integer(0)
  }
  return id
}

func damagedBank(_ path: FilePath, _ reason: String) -> FaceqError {
  FaceqError("\(path) is damaged (\(reason)); take a copy of it, or enrol again")
}
