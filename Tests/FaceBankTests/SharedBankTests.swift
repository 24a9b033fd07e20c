import FaceBank
import FaceBankDatabase
import FaceqSupport
import Foundation
import QuantRuntime
import SIMDKernels
import TestSupport
import Testing

/// What a service sees of a bank that others change, too.
struct SharedBankTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func check<Storage: BankStorage>(_ storage: Storage, _ path: FilePath) throws {
    let bank = SharedBank(storage, at: path, for: binding, kernels: kernelTable(.portable))
    #expect(try bank.contents().people.isEmpty)
    #expect(try bank.remove("Ada") == nil)
    #expect(try bank.rename("Ada", to: "Eve", merging: false) == .unknown)
    #expect(try bank.removeAll().people == 0)
    #expect(try bank.picture(of: 1) == nil)
    #expect(!FileManager.default.fileExists(atPath: path.description))

    var faces = someFaces()
    faces[1].picture = EnrolledPicture(jpeg: jpeg(4))
    #expect(try bank.add(faces).ids == [1, 2, 3, 4])
    #expect(try bank.contents().faces(of: "Ada")?.map(\.id) == [1, 2])
    #expect(try bank.contents().faces(of: "Eve") == nil)
    #expect(try bank.contents().face(3)?.person == "Bob")
    #expect(try bank.picture(of: 2) == jpeg(4))
    let nearest = try bank.contents().nearest(faces[2].embedding, count: 3)
    #expect(nearest.count == 3 && nearest[0].person == "Bob" && abs(nearest[0].cosine - 1) < 1e-6)
    #expect(try bank.create("Eve"))
    #expect(try !bank.create("Eve"))
    #expect(try bank.contents().faces(of: "Eve")?.isEmpty == true)
    #expect(try bank.remove(face: 3) == "Bob")
    #expect(try bank.remove(face: 3) == nil)
    #expect(try bank.rename("Eve", to: "Ada", merging: false) == .taken)

    // Whatever another program does is seen at once, however fast it is.
    for round in 0..<50 {
      var vectors = RandomVectors(seed: UInt64(100 + round))
      let face = EnrolledFace(person: "Zoe", photo: "", embedding: vectors.next())
      let id = try storage.add([face], binding, to: path).ids[0]
      #expect(try bank.contents().nearest(face.embedding)[0].person == "Zoe")
      #expect(try storage.remove(face: id, from: path) == "Zoe")
      #expect(try bank.contents().face(id) == nil)
    }
    // What is held is not read again while nobody changes it.
    _ = try bank.contents()
    usleep(250_000)
    let held = try bank.contents()
    #expect(try bank.contents() === held)
    try FileManager.default.removeItem(atPath: path.description)
    #expect(try bank.contents().people.isEmpty)
  }

  @Test func database() throws { try check(BankDatabase(), FilePath(folder("people.db"))) }
  @Test func file() throws { try check(BankFile(), FilePath(folder("people.bank"))) }

  @Test func anotherModel() throws {
    let path = FilePath(folder("people.bank"))
    var other = binding
    other.digest = "ff"
    _ = try BankFile().add(someFaces(), other, to: path)
    let bank = SharedBank(BankFile(), at: path, for: binding, kernels: kernelTable(.portable))
    let error = #expect(throws: FaceqError.self) { try bank.contents() }
    #expect(error?.message.contains("another model") == true)
  }

  /// Each of Ada's two photos is compared with Bob, and Bob's with what stands for Ada.
  @Test func strangers() throws {
    func axis(_ weights: [Int: Float]) -> [Float] { unit((0..<40).map { weights[$0] ?? 0 }) }
    let bank = SharedBank(
      BankFile(), at: FilePath(folder("people.bank")), for: binding, kernels: kernelTable(.portable))
    #expect(try bank.contents().strangers.comparisons == 0)
    _ = try bank.add([
      EnrolledFace(person: "Ada", photo: "", embedding: axis([0: 1])),
      EnrolledFace(person: "Ada", photo: "", embedding: axis([1: 1])),
      EnrolledFace(person: "Bob", photo: "", embedding: axis([0: 3, 2: 4])),
    ])
    // 0.6 and 0 with Bob; Bob with Ada 0.6 / √2 = 0.424.
    let strangers = try bank.contents().strangers
    #expect(strangers.comparisons == 3)
    #expect([0, 1, 42, 43, 60, 61, 100].map { strangers.passing[$0] } == [3, 2, 2, 1, 1, 0, 0])
  }

  /// Threads that add at the same time all get numbers of their own.
  @Test func threads() async throws {
    let bank = SharedBank(
      BankFile(), at: FilePath(folder("people.bank")), for: binding, kernels: kernelTable(.portable))
    let ids = try await withThrowingTaskGroup(of: Int.self) { group in
      for thread in 0..<8 {
        group.addTask {
          var vectors = RandomVectors(seed: UInt64(thread))
          let face = EnrolledFace(person: PersonName("\(thread)"), photo: "", embedding: vectors.next())
          let id = try bank.add([face]).ids[0]
          #expect(try bank.contents().nearest(face.embedding)[0].person == face.person)
          return id
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(ids.sorted() == Array(1...8))
  }
}
