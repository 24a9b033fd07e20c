import FaceBank
import Foundation
import GRDB
import QuantRuntime

/// Makes the tables of a bank.
func create(_ database: Database, _ binding: BankBinding) throws {
  try database.execute(
    sql: """
      CREATE TABLE binding (
        model TEXT NOT NULL, digest TEXT NOT NULL, precision TEXT NOT NULL, height INTEGER NOT NULL, width INTEGER NOT NULL,
        channels TEXT NOT NULL, divisor REAL NOT NULL, embedding_size INTEGER NOT NULL);
      CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
      -- An embedding is as many float32, little-endian, as the binding says; its checksum is Fletcher's sum of sums.
      CREATE TABLE face (
        id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person, photo TEXT NOT NULL, embedding BLOB NOT NULL,
        checksum INTEGER NOT NULL, UNIQUE (person, checksum));
      PRAGMA user_version = 1;
      """)
  try database.execute(
    sql: "INSERT INTO binding VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    arguments: [
      binding.modelName, binding.digest, binding.precision, binding.input.height, binding.input.width,
      binding.input.channels.rawValue, Double(binding.input.divisor), binding.embeddingSize,
    ])
}

/// What a bank is bound to, nil where the database is empty: the making of a bank was cut off before its first commit.
func storedBinding(_ database: Database, _ path: String) throws -> BankBinding? {
  let version = try Int.fetchOne(database, sql: "PRAGMA user_version")
  let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
  if version == 0, tables == 0 { return nil }
  guard version == 1 else {
    throw FaceqError("\(path) is a database, but not a bank that this faceq knows; name one that faceq enroll has made")
  }
  let sql = "SELECT model, digest, precision, height, width, channels, divisor, embedding_size FROM binding"
  guard let row = try Row.fetchOne(database, sql: sql),
    let channels = InputFormat.ChannelOrder(rawValue: try value(row, 5, path))
  else { throw damagedBank(path, "it is bound to no model") }
  return BankBinding(
    modelName: try value(row, 0, path), digest: try value(row, 1, path), precision: try value(row, 2, path),
    input: InputFormat(
      height: try value(row, 3, path), width: try value(row, 4, path), channels: channels,
      divisor: Float(try value(row, 6, path) as Double)), embeddingSize: try value(row, 7, path))
}

/// A column of a row, which in SQLite can hold a value of any type.
func value<Value: DatabaseValueConvertible>(_ row: Row, _ column: Int, _ path: String) throws -> Value {
  let stored: DatabaseValue = row[column]
  guard let value = Value.fromDatabaseValue(stored) else { throw damagedBank(path, "a value is of another type") }
  return value
}

func damagedBank(_ path: String, _ reason: String) -> FaceqError {
  FaceqError("\(path) is damaged (\(reason)); take a copy of it, or enrol again")
}

func data(_ embedding: [Float]) -> Data { embedding.withUnsafeBytes { Data($0) } }

func checksum(_ embedding: [Float]) -> Int64 {
  embedding.withUnsafeBytes { Int64(bitPattern: FletcherChecksum($0).sumOfSums) }
}

func floats(_ data: Data) -> [Float] {
  data.withUnsafeBytes { bytes in
    (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
  }
}
