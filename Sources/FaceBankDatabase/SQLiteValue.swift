import CSQLite
import FaceqSupport

/// A value that a statement is given.
enum SQLiteValue {
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  /// - Parameter index: of the parameter, from 1.
  /// - Returns: SQLite's result code.
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    switch self {
    case .integer(let value): sqlite3_bind_int64(statement, index, value)
    case .real(let value): sqlite3_bind_double(statement, index, value)
    case .text(let value): sqlite3_bind_text(statement, index, value, Int32(value.utf8.count), sqlite_copies())
    case .blob(let bytes): sqlite3_bind_blob64(statement, index, bytes, UInt64(bytes.count), sqlite_copies())
    }
  }
}

/// The current row of a statement. In SQLite a column can hold a value of any type: one that is asked for another
/// throws.
struct SQLiteRow {
  private let statement: OpaquePointer
  let path: FilePath

  init(statement: OpaquePointer, path: FilePath) {
    self.statement = statement
    self.path = path
  }

  func integer(_ column: Int32) throws(FaceqError) -> Int64 {
    try expect(SQLITE_INTEGER, column)
    return sqlite3_column_int64(statement, column)
  }

  /// Nil for NULL.
  func integerIfPresent(_ column: Int32) throws(FaceqError) -> Int64? {
    sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : try integer(column)
  }

  func real(_ column: Int32) throws(FaceqError) -> Double {
    try expect(SQLITE_FLOAT, column)
    return sqlite3_column_double(statement, column)
  }

  func text(_ column: Int32) throws(FaceqError) -> String {
    try expect(SQLITE_TEXT, column)
    let bytes = UnsafeBufferPointer(
      start: sqlite3_column_text(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
    return String(decoding: bytes, as: UTF8.self)
  }

  func blob(_ column: Int32) throws(FaceqError) -> UnsafeRawBufferPointer {
    try expect(SQLITE_BLOB, column)
    return UnsafeRawBufferPointer(
      start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
  }

  private func expect(_ type: Int32, _ column: Int32) throws(FaceqError) {
    guard sqlite3_column_type(statement, column) == type else { throw otherType }
  }

  private var otherType: FaceqError { damagedBank(path, "a value is of another type") }
}
