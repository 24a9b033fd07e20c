import FaceBank
import Foundation
import GRDB
import QuantRuntime

/// Banks as SQLite databases: an enrolment is a transaction, whatever the size of the bank.
public struct BankDatabase: BankStorage {
  public init() {}

  public func binding(of path: String) throws(FaceqError) -> BankBinding? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try inDatabase(path) { queue in try queue.read { try storedBinding($0, path) } }
  }

  public func bank(at path: String) throws(FaceqError) -> FaceBank? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try inDatabase(path) { queue in
      try queue.read { database in
        guard let binding = try storedBinding(database, path) else { return nil }
        var bank = FaceBank(binding: binding)
        let rows = try Row.fetchCursor(
          database,
          sql: """
            SELECT person.name, photo, embedding, checksum FROM face JOIN person ON person.id = person ORDER BY face.id
            """)
        while let row = try rows.next() {
          let embedding = floats(try value(row, 2, path))
          guard checksum(embedding) == (try value(row, 3, path)) else {
            throw damagedBank(path, "an embedding has changed")
          }
          bank.faces.append(
            EnrolledFace(person: try value(row, 0, path), photo: try value(row, 1, path), embedding: embedding))
        }
        try bank.check(in: path)
        return bank
      }
    }
  }

  public func add(_ faces: [EnrolledFace], _ binding: BankBinding, to path: String) throws(FaceqError) -> Int {
    try inDatabase(path) { queue in
      try queue.write { database in
        if let stored = try storedBinding(database, path) {
          try stored.check(binding, bank: path)
        } else {
          try create(database, binding)
        }
        var added = 0
        for face in faces {
          try database.execute(sql: "INSERT OR IGNORE INTO person (name) VALUES (?)", arguments: [face.person])
          try database.execute(
            sql: """
              INSERT OR IGNORE INTO face (person, photo, embedding, checksum)
              SELECT id, ?, ?, ? FROM person WHERE name = ?
              """, arguments: [face.photo, data(face.embedding), checksum(face.embedding), face.person])
          added += database.changesCount
        }
        return added
      }
    }
  }

  public func remove(_ person: String, from path: String) throws(FaceqError) -> Int {
    guard FileManager.default.fileExists(atPath: path) else { throw noBank(path) }
    return try inDatabase(path) { queue in
      try queue.write { database in
        guard try storedBinding(database, path) != nil else { throw noBank(path) }
        try database.execute(
          sql: "DELETE FROM face WHERE person = (SELECT id FROM person WHERE name = ?)", arguments: [person])
        let removed = database.changesCount
        try database.execute(sql: "DELETE FROM person WHERE name = ?", arguments: [person])
        return removed
      }
    }
  }

  /// Opens the database, which is made where there is none, and turns every error into a sentence.
  private func inDatabase<Result>(_ path: String, _ body: (DatabaseQueue) throws -> Result) throws(FaceqError) -> Result
  {
    do {
      try refuseOtherFiles(path)
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      return try body(try DatabaseQueue(path: path, configuration: configuration))
    } catch let error as FaceqError {
      throw error
    } catch let error as DatabaseError {
      throw FaceqError(sentence(error, path))
    } catch {
      throw damagedBank(path, "a value is of another type")
    }
  }

  /// An empty file is a database to SQLite, and what is left where the making of a bank was cut off.
  private func refuseOtherFiles(_ path: String) throws(FaceqError) {
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    guard size != nil, size != 0 else { return }
    let file = try MappedFile(path: path)
    let head = withExtendedLifetime(file) { Array(file.bytes.prefix(16)) }
    if head.starts(with: Array("GGUF".utf8)) {
      throw FaceqError(
        "\(path) is a model or a board's bank; bring a board's bank in with faceq bank import BANK \(path)")
    }
    guard head.elementsEqual(Array("SQLite format 3\0".utf8)) else {
      throw FaceqError("\(path) is not a bank; name one that faceq enroll has made")
    }
  }

  private func sentence(_ error: DatabaseError, _ path: String) -> String {
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: "\(path) is in use by another program; try again when that is done"
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CONSTRAINT:
      "\(path) is damaged (\(error.message ?? "")); take a copy of it, or enrol again"
    case .SQLITE_CANTOPEN: "cannot open \(path): check the path, and the permissions of it and its folder"
    case .SQLITE_READONLY: "cannot write \(path): it is read-only; check the permissions of it and its folder"
    case .SQLITE_FULL: "cannot write \(path): the disk is full; free some space"
    default: "cannot use \(path): \(error.message ?? "SQLite failed with \(error.resultCode)")"
    }
  }
}
