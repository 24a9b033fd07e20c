import CSQLite
import FaceqSupport

/// An open SQLite database. Every error names its file.
struct SQLiteDatabase: ~Copyable {
  let path: FilePath
  private let handle: OpaquePointer

  /// Opens a database, which is made where there is none; without the permission to write it is opened for reading.
  /// Calls wait up to ten seconds for other programs.
  init(path: FilePath) throws(FaceqError) {
    self.path = path
    var opened: OpaquePointer?
    // After a folder no name is one of those that SQLite takes for memory or an address: `:memory:`, `file:…`.
    let code = FilePath("./").resolving(path).withCString {
      sqlite3_open_v2($0, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
    }
    // SQLite gives a handle to ask what went wrong, unless memory ran out.
    guard let opened else { throw FaceqError(sentence(code, "out of memory", path)) }
    guard code == SQLITE_OK else {
      let message = reason(opened)
      sqlite3_close_v2(opened)
      throw FaceqError(sentence(code, message, path))
    }
    handle = opened
    sqlite3_busy_timeout(handle, 10_000)
    // What the file itself has SQLite compute may have no effect.
    sqlite3_exec(handle, "PRAGMA trusted_schema = OFF", nil, nil, nil)
  }

  deinit { sqlite3_close_v2(handle) }

  /// How many rows the last statement inserted or deleted.
  var changedRows: Int { Int(sqlite3_changes64(handle)) }

  /// The number of the row that was inserted last.
  var lastRow: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Runs `body` as one transaction, of which nothing is left when it throws.
  func transaction<Result>(
    writing: Bool, _ body: (borrowing SQLiteDatabase) throws(FaceqError) -> Result
  ) throws(FaceqError) -> Result {
    try execute(writing ? "BEGIN IMMEDIATE" : "BEGIN")
    do {
      let result = try body(self)
      try execute("COMMIT")
      return result
    } catch {
      // Where SQLite has already rolled back, as on a full disk, this fails, and nothing is to be done.
      try? execute("ROLLBACK")
      throw error
    }
  }

  /// Runs a statement for its effect; without values there may be several.
  func execute(_ sql: String, _ values: SQLiteValue...) throws(FaceqError) {
    if values.isEmpty {
      try check(sqlite3_exec(handle, sql, nil, nil, nil))
    } else {
      try forEachRow(sql, values) { _ throws(FaceqError) in }
    }
  }

  /// Calls `body` with each row of a statement.
  func forEachRow(
    _ sql: String, _ values: [SQLiteValue] = [], _ body: (SQLiteRow) throws(FaceqError) -> Void
  ) throws(FaceqError) {
    var prepared: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &prepared, nil))
    guard let statement = prepared else { return }
    defer { sqlite3_finalize(statement) }
    for (index, value) in values.enumerated() { try check(value.bind(to: statement, at: Int32(index + 1))) }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { return try check(code) }
      try body(SQLiteRow(statement: statement, path: path))
    }
  }

  private func check(_ code: Int32) throws(FaceqError) {
    guard code == SQLITE_OK else { throw FaceqError(sentence(code, reason(handle), path)) }
  }
}

/// SQLite's words for the last failure, which may quote the file's: without control characters, and not too long.
private func reason(_ handle: OpaquePointer?) -> String {
  escapedText(String(cString: sqlite3_errmsg(handle)).utf8.prefix(200))
}

private func sentence(_ code: Int32, _ message: String, _ path: FilePath) -> String {
  // The low byte is the kind, whatever the rest adds to it.
  switch code & 0xFF {
  case SQLITE_BUSY, SQLITE_LOCKED: "\(path) is in use by another program; try again when that is done"
  case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CONSTRAINT:
    "\(path) is damaged (\(message)); take a copy of it, or enrol again"
  case SQLITE_CANTOPEN: "cannot open \(path): check the path, and the permissions of it and its folder"
  case SQLITE_READONLY: "cannot write \(path): it is read-only; check the permissions of it and its folder"
  case SQLITE_FULL: "cannot write \(path): the disk is full; free some space"
  default: "cannot use \(path): \(message)"
  }
}
