import CSystem
import FaceBank
import FaceqSupport
import SIMDKernels

/// Banks as SQLite databases: an enrolment is a transaction, whatever the size of the bank.
public struct BankDatabase: BankStorage {
  public init() {}

  public func binding(of path: FilePath) throws(FaceqError) -> BankBinding? {
    guard try fileExists(path) else { return nil }
    return try open(path).transaction(writing: false) { database throws(FaceqError) in
      try storedSchema(database)?.binding
    }
  }

  public func bank(at path: FilePath, pictures: Bool) throws(FaceqError) -> FaceBank? {
    guard try fileExists(path) else { return nil }
    return try open(path).transaction(writing: false) { database throws(FaceqError) in
      guard let schema = try storedSchema(database) else { return nil }
      return try storedBank(database, schema, pictures: pictures)
    }
  }

  /// Those of a gallery, too.
  public func people(at path: FilePath, kernels: KernelTable) throws(FaceqError) -> SearchedPeople {
    if try fileExists(path), let gallery = try GalleryFile(path) { return gallery.people(kernels: kernels) }
    return try SearchedPeople(existingBank(at: path), from: path, kernels: kernels)
  }

  public func add(
    _ faces: [EnrolledFace], _ binding: BankBinding, to path: FilePath
  ) throws(FaceqError) -> BankAddition {
    try open(path).transaction(writing: true) { database throws(FaceqError) in
      try prepare(database, for: binding)
      var addition = BankAddition(ids: [], added: 0)
      for face in faces {
        let id: Int
        if let known = try faceID(face, database) {
          id = known
        } else {
          id = try insert(face, database)
          addition.added += 1
        }
        addition.ids.append(id)
        if let picture = face.picture?.bytes {
          try database.execute(
            "INSERT OR IGNORE INTO picture VALUES (?, ?, ?)", .integer(Int64(id)), .blob(picture),
            .integer(pictureChecksum(picture)))
        }
      }
      return addition
    }
  }

  public func create(_ person: PersonName, _ binding: BankBinding, in path: FilePath) throws(FaceqError) -> Bool {
    try open(path).transaction(writing: true) { database throws(FaceqError) in
      try prepare(database, for: binding)
      try database.execute("INSERT OR IGNORE INTO person (name) VALUES (?)", .text(person.description))
      return database.changedRows > 0
    }
  }

  public func rename(
    _ person: PersonName, to name: PersonName, merging: Bool, in path: FilePath
  ) throws(FaceqError) -> BankRenaming {
    try change(path) { database throws(FaceqError) in
      guard let old = try personID(person, database) else { return .unknown }
      guard let taken = try personID(name, database) else {
        try database.execute("UPDATE person SET name = ? WHERE id = ?", .text(name.description), .integer(old))
        return .done
      }
      guard old != taken else { return .done }
      guard merging else { return .taken }
      try merge(old, into: taken, database)
      return .done
    }
  }

  public func remove(_ person: PersonName, from path: FilePath) throws(FaceqError) -> Int? {
    try change(path) { database throws(FaceqError) in
      guard let id = try personID(person, database) else { return nil }
      try database.execute("DELETE FROM face WHERE person = ?", .integer(id))
      let removed = database.changedRows
      try database.execute("DELETE FROM person WHERE id = ?", .integer(id))
      return removed
    }
  }

  public func remove(face id: Int, from path: FilePath) throws(FaceqError) -> PersonName? {
    try change(path) { database throws(FaceqError) in
      var person: PersonName?
      try database.forEachRow(
        "SELECT name FROM person JOIN face ON person.id = person WHERE face.id = ?", [.integer(Int64(id))]
      ) { row throws(FaceqError) in person = PersonName(try row.text(0)) }
      try database.execute("DELETE FROM face WHERE id = ?", .integer(Int64(id)))
      return person
    }
  }

  public func removeAll(from path: FilePath) throws(FaceqError) -> (people: Int, faces: Int) {
    try change(path) { database throws(FaceqError) in
      try database.execute("DELETE FROM face")
      let faces = database.changedRows
      try database.execute("DELETE FROM person")
      return (database.changedRows, faces)
    }
  }

  public func picture(of id: Int, in path: FilePath) throws(FaceqError) -> [UInt8]? {
    guard try fileExists(path) else { throw noBank(path) }
    return try open(path).transaction(writing: false) { database throws(FaceqError) in
      guard let schema = try storedSchema(database) else { throw noBank(path) }
      guard schema.hasPictures else { return nil }
      var picture: [UInt8]?
      try database.forEachRow(
        "SELECT jpeg, checksum FROM picture WHERE face = ?", [.integer(Int64(id))]
      ) { row throws(FaceqError) in picture = try storedPicture(row, 0, 1, path).bytes }
      return picture
    }
  }

  /// Makes what is not there, or brings what is there to this version; fails where it is bound to another model.
  private func prepare(_ database: borrowing SQLiteDatabase, for binding: BankBinding) throws(FaceqError) {
    if let stored = try storedSchema(database) {
      try stored.binding.check(binding, bank: database.path)
      try upgrade(database, stored)
      if stored.binding.detector == nil { try record(binding.detector, database) }
    } else {
      try makeTables(database, binding)
      try record(binding.detector, database)
    }
  }

  /// Changes a bank that must be there.
  private func change<Result>(
    _ path: FilePath, _ body: (borrowing SQLiteDatabase) throws(FaceqError) -> Result
  ) throws(FaceqError) -> Result {
    guard try fileExists(path) else { throw noBank(path) }
    return try open(path).transaction(writing: true) { database throws(FaceqError) in
      guard let stored = try storedSchema(database) else { throw noBank(path) }
      try upgrade(database, stored)
      return try body(database)
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
      throw FaceqError(
        "\(path) is a model, a gallery or a board's bank; import a board's bank into one of this machine")
    }
    guard head.elementsEqual(Array("SQLite format 3\0".utf8)) else {
      throw FaceqError("\(path) is not a bank; name one that was enrolled")
    }
  }
}
