import FaceBank
import FaceqSupport
import QuantRuntime

/// Makes the tables of a bank.
func create(_ database: borrowing SQLiteDatabase, _ binding: BankBinding) throws(FaceqError) {
  try database.execute(
    """
    CREATE TABLE binding (
      model TEXT NOT NULL, digest TEXT NOT NULL, precision TEXT NOT NULL, embedding_size INTEGER NOT NULL);
    CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    -- An embedding is as many float32, little-endian, as the binding says; its checksum is Fletcher's sum of sums.
    CREATE TABLE face (
      id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person, photo TEXT NOT NULL, embedding BLOB NOT NULL,
      checksum INTEGER NOT NULL, UNIQUE (person, checksum));
    PRAGMA user_version = 2;
    """)
  try database.execute(
    "INSERT INTO binding VALUES (?, ?, ?, ?)", .text(binding.modelName), .text(binding.digest),
    .text(binding.precision),
    .integer(Int64(binding.embeddingSize)))
}

/// What a bank is bound to, nil where the database is empty: the making of a bank was cut off before its first commit.
func storedBinding(_ database: borrowing SQLiteDatabase) throws(FaceqError) -> BankBinding? {
  let path = database.path
  var (version, tables): (Int64, Int64) = (0, 0)
  try database.forEachRow("PRAGMA user_version") { row throws(FaceqError) in version = try row.integer(0) }
  try database.forEachRow("SELECT count(*) FROM sqlite_schema") { row throws(FaceqError) in tables = try row.integer(0)
  }
  if version == 0, tables == 0 { return nil }
  guard version == 2 else {
    throw FaceqError("\(path) is a database, but not a bank that this faceq knows; name one that was enrolled")
  }
  var binding: BankBinding?
  try database.forEachRow(
    "SELECT model, digest, precision, embedding_size FROM binding LIMIT 1"
  ) { row throws(FaceqError) in
    binding = BankBinding(
      modelName: try row.text(0), digest: try row.text(1), precision: try row.text(2),
      embeddingSize: Int(try row.integer(3)))
  }
  binding?.detector = try storedDetector(database)
  guard let binding else { throw damagedBank(path, "it is bound to no model") }
  return binding
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
func normaliseNames(_ database: borrowing SQLiteDatabase) throws(FaceqError) {
  var people: [(id: Int64, stored: String, name: String)] = []
  try database.forEachRow("SELECT id, name FROM person WHERE name GLOB '*[^ -~]*'") { row throws(FaceqError) in
    let stored = try row.text(1)
    people.append((try row.integer(0), stored, PersonName(stored).description))
  }
  for person in people where !person.stored.utf8.elementsEqual(person.name.utf8) {
    try database.execute("INSERT OR IGNORE INTO person (name) VALUES (?)", .text(person.name))
    try database.execute(
      "UPDATE OR IGNORE face SET person = (SELECT id FROM person WHERE name = ?) WHERE person = ?", .text(person.name),
      .integer(person.id))
    // What is left are faces that the other had already.
    try database.execute("DELETE FROM face WHERE person = ?", .integer(person.id))
    try database.execute("DELETE FROM person WHERE id = ?", .integer(person.id))
  }
}

func damagedBank(_ path: FilePath, _ reason: String) -> FaceqError {
  FaceqError("\(path) is damaged (\(reason)); take a copy of it, or enrol again")
}

func bytes(_ embedding: [Float]) -> [UInt8] { embedding.withUnsafeBytes { Array($0) } }

func checksum(_ embedding: [Float]) -> Int64 {
  embedding.withUnsafeBytes { Int64(bitPattern: FletcherChecksum($0).sumOfSums) }
}

func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
  (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
}
