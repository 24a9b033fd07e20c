import FaceBank
import FaceBankDatabase
import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Numbers, times and pictures of faces, names that change and people without faces, in both kinds of storage.
struct BankChangeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func inBoth(_ body: (any BankStorage, _ path: FilePath) throws -> Void) throws {
    try body(BankDatabase(), FilePath(folder("people.db")))
    try body(BankFile(), FilePath(folder("people.bank")))
  }

  private func people(_ storage: any BankStorage, _ path: FilePath) throws -> [String] {
    try storage.existingBank(at: path).people.map { "\($0.name) \($0.photos)" }
  }

  @Test func numbersAreNeverGivenAgain() throws {
    try inBoth { storage, path in
      let faces = someFaces()
      #expect(try storage.add(Array(faces.prefix(3)), binding, to: path).ids == [1, 2, 3])
      #expect(try storage.remove(face: 3, from: path) == "Bob")
      #expect(try storage.remove(face: 3, from: path) == nil)
      #expect(try storage.remove(face: -1, from: path) == nil)
      #expect(try people(storage, path) == ["Ada 2", "Bob 0"])
      #expect(try storage.add(Array(faces.suffix(2)), binding, to: path).ids == [4, 5])
      let removed = try [storage.removeAll(from: path), storage.removeAll(from: path)]
      #expect(removed.map(\.people) == [3, 0] && removed.map(\.faces) == [4, 0])
      #expect(try people(storage, path).isEmpty)
      #expect(try storage.add(faces, binding, to: path).ids == [6, 7, 8, 9])
      #expect(try storage.existingBank(at: path).faces.map(\.id) == [6, 7, 8, 9])
    }
  }

  @Test func timesAreThoseOfTheFirstAddition() throws {
    try inBoth { storage, path in
      var faces = someFaces()
      faces[1].time = 1_700_000_000
      let before = Int(Date().timeIntervalSince1970)
      _ = try storage.add(Array(faces.prefix(2)), binding, to: path)
      let after = Int(Date().timeIntervalSince1970)
      let times = try storage.existingBank(at: path).faces.map { $0.time ?? 0 }
      #expect((before...after).contains(times[0]) && times[1] == 1_700_000_000)
      faces[0].time = 5
      _ = try storage.add(faces, binding, to: path)
      #expect(try storage.existingBank(at: path).faces.prefix(2).map(\.time) == times)
    }
  }

  @Test func picturesAreKept() throws {
    try inBoth { storage, path in
      var faces = someFaces()
      faces[0].picture = EnrolledPicture(jpeg: jpeg(0))
      faces[2].picture = EnrolledPicture(jpeg: jpeg(200))
      _ = try storage.add(faces, binding, to: path)
      #expect(try (1...5).map { try storage.picture(of: $0, in: path) } == [jpeg(0), nil, jpeg(200), nil, nil])
      let bank = try storage.existingBank(at: path, pictures: true)
      #expect(bank.faces.map { $0.picture?.bytes } == [jpeg(0), nil, jpeg(200), nil])
      #expect(try storage.existingBank(at: path).faces.map { $0.picture != nil } == [true, false, true, false])
      // A face that had none gets one, one that had one keeps it.
      for index in 0..<2 { faces[index].picture = EnrolledPicture(jpeg: jpeg(7)) }
      #expect(try storage.add(Array(faces.prefix(2)), binding, to: path).added == 0)
      #expect(try (1...2).map { try storage.picture(of: $0, in: path) } == [jpeg(0), jpeg(7)])
      #expect(try storage.remove(face: 1, from: path) == "Ada")
      #expect(try (1...3).map { try storage.picture(of: $0, in: path) } == [nil, jpeg(7), jpeg(200)])
      #expect(try storage.remove("Ada", from: path) == 1)
      #expect(try (2...3).map { try storage.picture(of: $0, in: path) } == [nil, jpeg(200)])
    }
    #expect(EnrolledPicture(jpeg: Array("GIF89a".utf8)) == nil)
    #expect(EnrolledPicture(jpeg: jpeg(0) + [UInt8](repeating: 0, count: 1 << 18)) == nil)
  }

  @Test func peopleWithoutFaces() throws {
    try inBoth { storage, path in
      #expect(try storage.create("Eve", binding, in: path))
      #expect(try !storage.create("Eve", binding, in: path))
      #expect(try people(storage, path) == ["Eve 0"])
      #expect(try storage.binding(of: path) == binding)
      _ = try storage.add(someFaces(), binding, to: path)
      #expect(try !storage.create("Ada", binding, in: path))
      #expect(try people(storage, path) == ["Ada 2", "Bob 1", "Eve 0", "Čapek 1"])
      #expect(try storage.remove("Eve", from: path) == 0)
      #expect(try storage.remove("Eve", from: path) == nil)
      var other = binding
      other.digest = "ff"
      #expect(throws: FaceqError.self) { try storage.create("Eve", other, in: path) }
    }
  }

  @Test func renaming() throws {
    try inBoth { storage, path in
      var faces = someFaces()
      faces.append(EnrolledFace(person: "Bob", photo: "b2.jpg", embedding: faces[0].embedding))
      _ = try storage.add(faces, binding, to: path)
      func rename(_ person: PersonName, _ name: PersonName, merging: Bool = false) throws -> BankRenaming {
        try storage.rename(person, to: name, merging: merging, in: path)
      }
      #expect(try rename("Eve", "Bob") == .unknown)
      #expect(try rename("Ada", "Bob") == .taken)
      #expect(try rename("Ada", "Ada") == .done)
      #expect(try rename("Čapek", "Karel") == .done)
      #expect(try people(storage, path) == ["Ada 2", "Bob 2", "Karel 1"])
      // Bob has one of Ada's faces already.
      #expect(try rename("Ada", "Bob", merging: true) == .done)
      #expect(try people(storage, path) == ["Bob 3", "Karel 1"])
      #expect(try storage.existingBank(at: path).faces.map(\.id) == [2, 3, 4, 5])
    }
  }

  /// What must be there, and is not.
  @Test func noBank() throws {
    try inBoth { storage, path in
      let calls: [() throws -> Void] = [
        { _ = try storage.remove(face: 1, from: path) }, { _ = try storage.removeAll(from: path) },
        { _ = try storage.rename("Ada", to: "Bob", merging: false, in: path) },
        { _ = try storage.picture(of: 1, in: path) },
      ]
      for call in calls {
        let error = #expect(throws: FaceqError.self) { try call() }
        #expect(error?.message.contains(path.description) == true)
      }
      #expect(!FileManager.default.fileExists(atPath: path.description))
    }
  }

  /// Banks from before are read as they are, and nothing is written until something changes.
  @Test func olderBanks() throws {
    let faces = someFaces().map { (name: $0.person.description, face: $0) }
    try makeOldDatabase(at: FilePath(folder("people.db")), faces)
    try makeOldFile(at: FilePath(folder("people.bank")), faces)
    try inBoth { storage, path in
      let name = path.description.split(separator: "/").last.map(String.init) ?? ""
      let before = try folder.bytes(name)
      let bank = try storage.existingBank(at: path, pictures: true)
      #expect(bank.binding == binding && bank.faces.map(\.facts) == someFaces().map(\.facts))
      #expect(bank.faces.map(\.id) == [1, 2, 3, 4])
      #expect(bank.faces.allSatisfy { $0.time == nil && $0.picture == nil })
      #expect(try storage.picture(of: 1, in: path) == nil)
      #expect(try storage.binding(of: path) == binding)
      #expect(try folder.bytes(name) == before)
      #expect(try storage.remove(face: 4, from: path) == "Čapek")
      var again = someFaces()
      again[0].picture = EnrolledPicture(jpeg: jpeg(1))
      again[0].time = 9
      #expect(try storage.add(again, binding, to: path) == BankAddition(ids: [1, 2, 3, 5], added: 1))
      let upgraded = try storage.existingBank(at: path)
      #expect(upgraded.faces.map { $0.time == nil } == [true, true, true, false])
      #expect(try storage.picture(of: 1, in: path) == jpeg(1))
    }
  }

  /// An exported bank has everything, and so has one into which it is imported.
  @Test func exportedFiles() throws {
    let (database, file) = (FilePath(folder("people.db")), FilePath(folder("people.bank")))
    var faces = someFaces()
    faces[1].picture = EnrolledPicture(jpeg: jpeg(3))
    faces[1].time = 1_700_000_000
    _ = try BankDatabase().add(faces, binding, to: database)
    #expect(try BankDatabase().create("Eve", binding, in: database))
    #expect(try BankDatabase().remove(face: 1, from: database) == "Ada")
    try BankFile().write(try BankDatabase().existingBank(at: database, pictures: true), to: file)
    let bank = try BankFile().existingBank(at: file)
    #expect(bank.faces.map(\.id) == [2, 3, 4] && bank.faces[0].time == 1_700_000_000)
    #expect(bank.faces[0].picture?.bytes == jpeg(3))
    #expect(try people(BankFile(), file) == ["Ada 1", "Bob 1", "Eve 0", "Čapek 1"])
    let imported = FilePath(folder("imported.db"))
    #expect(try BankDatabase().add(bank.faces, bank.binding, to: imported).ids == [1, 2, 3])
    #expect(try BankDatabase().picture(of: 1, in: imported) == jpeg(3))
    #expect(try BankDatabase().existingBank(at: imported).faces[0].time == 1_700_000_000)
  }
}
