import FaceBank
import FaceBankDatabase
import FaceqSupport
import Foundation
import TestSupport
import Testing

/// A damaged file is one sentence. So is a damaged database where the damage is in what is read, and no embedding is
/// ever another than it was.
struct BankDamageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func everyTruncationOfTheFile() throws {
    let bytes = try bankFile()
    for length in 0..<bytes.count {
      try folder.write(bytes.prefix(length), to: "cut.bank")
      expectSentence { try BankFile().bank(at: FilePath(folder("cut.bank"))) }
    }
  }

  @Test func everyByteOfTheFile() throws {
    let bytes = try bankFile()
    var generator = SplitMix64(state: 7)
    for index in 0..<bytes.count {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try folder.write(damaged, to: "flipped.bank")
      expectSentence { try BankFile().bank(at: FilePath(folder("flipped.bank"))) }
    }
  }

  @Test func truncationsAndBitsOfTheDatabase() throws {
    let path = folder("people.db")
    _ = try BankDatabase().add(facesWithPictures(), binding, to: FilePath(path))
    let bytes = try folder.bytes("people.db")
    for length in stride(from: 1, to: bytes.count, by: 509) {
      try folder.write(bytes.prefix(length), to: "cut.db")
      expectSentenceOrTruth("cut.db")
    }
    var generator = SplitMix64(state: 7)
    for _ in 0..<400 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try folder.write(damaged, to: "flipped.db")
      expectSentenceOrTruth("flipped.db")
    }
  }

  private func expectSentenceOrTruth(_ name: String) {
    do {
      let bank = try BankDatabase().bank(at: FilePath(folder(name)), pictures: true)
      let faces = bank?.faces ?? []
      let isTrue = faces.allSatisfy { face in
        someFaces().map(\.embedding).contains(face.embedding) && (face.picture?.bytes ?? jpeg(9)) == jpeg(9)
      }
      #expect(isTrue, "\(name) has another embedding or picture")
    } catch {
      let message = error.message
      #expect(message.contains(folder(name)) && !message.contains("\n"))
    }
  }

  private func facesWithPictures() -> [EnrolledFace] {
    someFaces().map { face in
      var face = face
      face.picture = EnrolledPicture(jpeg: jpeg(9))
      return face
    }
  }

  private func bankFile() throws -> [UInt8] {
    var bank = FaceBank(binding: binding)
    _ = bank.add(Array(facesWithPictures().prefix(2)))
    _ = bank.create("Eve")
    try BankFile().write(bank, to: FilePath(folder("people.bank")))
    return try folder.bytes("people.bank")
  }

  private func expectSentence(_ body: () throws -> FaceBank?) {
    let error = #expect(throws: FaceqError.self) { _ = try body() }
    let message = error?.message ?? ""
    #expect(message.contains(folder.path) && !message.contains("\n"))
  }
}
