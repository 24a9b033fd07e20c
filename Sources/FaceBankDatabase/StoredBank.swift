import FaceBank
import FaceqSupport

/// All that a database holds.
func storedBank(
  _ database: borrowing SQLiteDatabase, _ schema: BankSchema, pictures: Bool
) throws(FaceqError) -> FaceBank {
  let path = database.path
  var faces: [(name: String, face: EnrolledFace)] = []
  let (time, hasPicture) =
    schema.hasPictures ? ("time", "EXISTS (SELECT 1 FROM picture WHERE picture.face = face.id)") : ("NULL", "0")
  try database.forEachRow(
    """
    SELECT face.id, person.name, photo, embedding, checksum, \(time), \(hasPicture)
    FROM face JOIN person ON person.id = person ORDER BY face.id
    """
  ) { row throws(FaceqError) in
    let embedding = floats(try row.blob(3))
    guard checksum(embedding) == (try row.integer(4)) else { throw damagedBank(path, "an embedding has changed") }
    let name = try row.text(1)
    let face = EnrolledFace(
      id: try faceID(row, 0), person: PersonName(name), photo: try row.text(2), embedding: embedding,
      time: try row.integerIfPresent(5).map { Int($0) }, picture: try row.integer(6) == 0 ? nil : .unread)
    faces.append((name, face))
  }
  if pictures, schema.hasPictures {
    var read: [Int: EnrolledPicture] = [:]
    try database.forEachRow("SELECT face, jpeg, checksum FROM picture") { row throws(FaceqError) in
      read[try faceID(row, 0)] = try storedPicture(row, 1, 2, path)
    }
    for index in faces.indices { faces[index].face.picture = read[faces[index].face.id] }
  }
  var people: [PersonName] = []
  try database.forEachRow("SELECT name FROM person") { row throws(FaceqError) in
    people.append(PersonName(try row.text(0)))
  }
  let bank = FaceBank(binding: schema.binding, stored: faces, people: people)
  try bank.check(in: path)
  return bank
}

/// The number of a face that is there already: its person has the same embedding.
func faceID(_ face: EnrolledFace, _ database: borrowing SQLiteDatabase) throws(FaceqError) -> Int? {
  var id: Int?
  try database.forEachRow(
    "SELECT face.id FROM face JOIN person ON person.id = person WHERE name = ? AND checksum = ?",
    [.text(face.person.description), .integer(checksum(face.embedding))]
  ) { row throws(FaceqError) in id = try faceID(row, 0) }
  return id
}

/// Adds a face and, where it is new, its person.
///
/// - Returns: the face's number.
func insert(_ face: EnrolledFace, _ database: borrowing SQLiteDatabase) throws(FaceqError) -> Int {
  let name = SQLiteValue.text(face.person.description)
  try database.execute("INSERT OR IGNORE INTO person (name) VALUES (?)", name)
  try database.execute(
    """
    INSERT INTO face (person, photo, embedding, checksum, time) SELECT id, ?, ?, ?, ? FROM person WHERE name = ?
    """, .text(face.photo), .blob(bytes(face.embedding)), .integer(checksum(face.embedding)),
    .integer(Int64(face.time ?? secondsSince1970())), name)
  return try checkedID(database.lastRow, database.path)
}

/// A face's number.
func faceID(_ row: SQLiteRow, _ column: Int32) throws(FaceqError) -> Int {
  try checkedID(row.integer(column), row.path)
}

private func checkedID(_ id: Int64, _ path: FilePath) throws(FaceqError) -> Int {
  let id = Int(id)
  guard (1...EnrolledFace.largestID).contains(id) else { throw damagedBank(path, "a face's number is impossible") }
  return id
}

func storedPicture(
  _ row: SQLiteRow, _ jpeg: Int32, _ checksum: Int32, _ path: FilePath
) throws(FaceqError) -> EnrolledPicture {
  let bytes = Array(try row.blob(jpeg))
  guard pictureChecksum(bytes) == (try row.integer(checksum)), let picture = EnrolledPicture(jpeg: bytes) else {
    throw damagedBank(path, "a picture has changed")
  }
  return picture
}

func bytes(_ embedding: [Float]) -> [UInt8] { embedding.withUnsafeBytes { Array($0) } }

func checksum(_ embedding: [Float]) -> Int64 {
  embedding.withUnsafeBytes { Int64(bitPattern: FletcherChecksum($0).sumOfSums) }
}

func pictureChecksum(_ jpeg: [UInt8]) -> Int64 {
  jpeg.withUnsafeBytes { Int64(bitPattern: FletcherChecksum($0).sumOfSums) }
}

func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
  (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
}
