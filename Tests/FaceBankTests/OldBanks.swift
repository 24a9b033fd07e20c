import FaceBank
import FaceqSupport
import TestSupport

/// Writes a bank's file of version 2: without numbers of faces, times and pictures.
///
/// - Parameter faces: with the names that are to be in the file.
func makeOldFile(at path: FilePath, _ faces: [(name: String, face: EnrolledFace)]) throws {
  var writer = GGUFWriter()
  writer.set("faceq.bank.version", .uint32(2))
  writer.set("faceq.bank.model", .string(binding.modelName))
  writer.set("faceq.bank.digest", .string(binding.digest))
  writer.set("faceq.bank.precision", .string(binding.precision))
  writer.set("faceq.bank.embedding_size", .uint32(40))
  writer.set("faceq.bank.people", .stringArray(faces.map { $0.name }))
  writer.set("faceq.bank.photos", .stringArray(faces.map { $0.face.photo }))
  writer.add("embeddings", dimensions: [faces.count, 40], faces.flatMap { $0.face.embedding })
  try writer.write(to: path)
}

/// As `makeOldFile`, a database of version 2, in place of one that is there.
func makeOldDatabase(at path: FilePath, _ faces: [(name: String, face: EnrolledFace)]) throws {
  let script = """
    import json, os, sqlite3, sys
    path, rows = sys.argv[1], json.loads(sys.argv[2])
    if os.path.exists(path): os.remove(path)
    bank = sqlite3.connect(path)
    bank.executescript('''
      CREATE TABLE binding (
        model TEXT NOT NULL, digest TEXT NOT NULL, precision TEXT NOT NULL, embedding_size INTEGER NOT NULL);
      CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
      CREATE TABLE face (
        id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person, photo TEXT NOT NULL, embedding BLOB NOT NULL,
        checksum INTEGER NOT NULL, UNIQUE (person, checksum));
      PRAGMA user_version = 2;''')
    bank.execute('INSERT INTO binding VALUES (?, ?, ?, ?)', ('\(binding.modelName)', '\(binding.digest)', 'int8', 40))
    for name, photo, embedding, checksum in rows:
        bank.execute('INSERT OR IGNORE INTO person (name) VALUES (?)', (name,))
        bank.execute('INSERT INTO face (person, photo, embedding, checksum) SELECT id, ?, ?, ? FROM person '
          'WHERE name = ?', (photo, bytes.fromhex(embedding), int(checksum), name))
    bank.commit()
    """
  var rows = JSONWriter()
  rows.beginArray()
  for (name, face) in faces {
    let (hex, checksum) = face.embedding.withUnsafeBytes {
      (hexadecimal($0), Int64(bitPattern: FletcherChecksum($0).sumOfSums))
    }
    [name, face.photo, hex, "\(checksum)"].write(to: &rows)
  }
  rows.endArray()
  try runPython(["-c", script, path.description, rows.text])
}
