import FaceBank
import FaceBankDatabase
import FaceqSupport
import Foundation
import QuantRuntime
import SIMDKernels
import TestSupport
import Testing

/// What both kinds of storage promise.
struct BankStorageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func inBoth(_ body: (any BankStorage, _ path: FilePath) throws -> Void) throws {
    try body(BankDatabase(), FilePath(folder("people.db")))
    try body(BankFile(), FilePath(folder("people.bank")))
  }

  private func contents(_ storage: some BankStorage, _ path: FilePath) throws -> BankContents {
    try SharedBank(storage, at: path, for: binding, kernels: kernelTable(.portable)).contents()
  }

  @Test func whatIsAddedIsThere() throws {
    try inBoth { storage, path in
      #expect(try storage.bank(at: path) == nil)
      #expect(try storage.binding(of: path) == nil)
      let faces = someFaces()
      #expect(try storage.add(Array(faces.prefix(1)), binding, to: path) == BankAddition(ids: [1], added: 1))
      #expect(try storage.add(Array(faces.dropFirst()), binding, to: path) == BankAddition(ids: [2, 3, 4], added: 3))
      let bank = try storage.existingBank(at: path)
      #expect(bank.binding == binding && bank.faces.map(\.facts) == faces.map(\.facts))
      #expect(bank.people.map { $0.name } == ["Ada", "Bob", "Čapek"])
      #expect(bank.people.map { $0.photos } == [2, 1, 1])
      #expect(try storage.binding(of: path) == binding)
    }
  }

  /// A bank that cannot be examined is none that is missing: it must not be written anew. A link that leads to itself
  /// stands for a disk that fails.
  @Test func whatCannotBeExaminedIsNotTakenForNothing() throws {
    try inBoth { storage, path in
      let file = path.description
      try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: file)
      #expect(throws: FaceqError.self) { try storage.bank(at: path) }
      #expect(throws: FaceqError.self) { try storage.binding(of: path) }
      #expect(throws: FaceqError.self) { try storage.add(someFaces(), binding, to: path) }
      #expect(throws: FaceqError.self) { try contents(storage, path) }
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file) == file)
    }
  }

  @Test func theSameFaceIsAddedOnce() throws {
    try inBoth { storage, path in
      _ = try storage.add(someFaces(), binding, to: path)
      var again = someFaces()
      again[0].photo = "copy.jpg"
      #expect(try storage.add(again, binding, to: path) == BankAddition(ids: [1, 2, 3, 4], added: 0))
      // Another person may have the same face.
      again[0].person = "Eve"
      #expect(try storage.add(again, binding, to: path) == BankAddition(ids: [5, 2, 3, 4], added: 1))
    }
  }

  @Test func removedPeopleAreGone() throws {
    try inBoth { storage, path in
      _ = try storage.add(someFaces(), binding, to: path)
      #expect(try storage.remove("Ada", from: path) == 2)
      #expect(try storage.remove("Ada", from: path) == nil)
      #expect(try storage.existingBank(at: path).faces.map(\.person) == ["Bob", "Čapek"])
      for name in ["Bob", "Čapek"] { #expect(try storage.remove(PersonName(name), from: path) == 1) }
      #expect(try storage.existingBank(at: path).faces.isEmpty)
      #expect(throws: FaceqError.self) { try storage.remove("Ada", from: FilePath(folder("none"))) }
    }
  }

  /// Of banks from the time when digests still had the names of files in them.
  @Test func anotherModelIsRefused() throws {
    var others = [BankBinding](repeating: binding, count: 3)
    others[0].digest = "ff"
    others[1].precision = "float32"
    others[2].embeddingSize = 512
    try inBoth { storage, path in
      _ = try storage.add(someFaces(), binding, to: path)
      for other in others {
        let error = #expect(throws: FaceqError.self) { try storage.add(someFaces(), other, to: path) }
        #expect(error?.message.contains("int8.gguf (int8, digest 0123456789abcdef)") == true)
        #expect(error?.message.contains("new bank") == true)
      }
      #expect(try storage.existingBank(at: path).faces.map(\.facts) == someFaces().map(\.facts))
    }
  }

  /// A bank from before detectors were recorded is one that has none.
  @Test func theFirstDetectorIsRecorded() throws {
    var (yuNet, other) = (binding, binding)
    yuNet.detector = DetectorIdentity(family: "yunet", digest: "12")
    other.detector = DetectorIdentity(family: "mtcnn", digest: "34")
    try inBoth { storage, path in
      _ = try storage.add(Array(someFaces().prefix(1)), binding, to: path)
      #expect(try storage.binding(of: path)?.detector == nil)
      #expect(try storage.add(Array(someFaces().prefix(2)), yuNet, to: path).added == 1)
      #expect(try storage.binding(of: path) == yuNet)
      #expect(try storage.add(someFaces(), other, to: path).added == 2)
      #expect(try storage.remove("Ada", from: path) == 2)
      #expect(try storage.existingBank(at: path).binding == yuNet)
    }
    try inBoth { storage, path in
      let path = FilePath(path.description + ".new")
      _ = try storage.add(someFaces(), other, to: path)
      #expect(try storage.existingBank(at: path).binding == other)
    }
  }

  @Test func filesThatAreNoBanks() throws {
    try folder.write(Array("SQLite format 3\0 and then nothing of the kind".utf8), to: "bad.db")
    try folder.write(Array("name,photo\n".utf8), to: "names.csv")
    var writer = GGUFWriter()
    writer.set("faceq.precision", .string("int8"))
    try writer.write(to: FilePath(folder("model.gguf")))
    try inBoth { storage, _ in
      for name in ["bad.db", "names.csv", "model.gguf", ""] {
        let error = #expect(throws: FaceqError.self) { try storage.bank(at: FilePath(folder(name))) }
        #expect(error?.message.contains(folder(name)) == true)
        #expect(throws: FaceqError.self) { try storage.add(someFaces(), binding, to: FilePath(folder(name))) }
      }
      #expect(throws: FaceqError.self) { try storage.add(someFaces(), binding, to: FilePath(folder("none/people"))) }
    }
  }

  /// What is left where a database was opened and the program ended.
  @Test func anEmptyFileBecomesABank() throws {
    try folder.write([], to: "people.db")
    #expect(try BankDatabase().bank(at: FilePath(folder("people.db"))) == nil)
    #expect(try BankDatabase().add(someFaces(), binding, to: FilePath(folder("people.db"))).added == 4)
  }
}
