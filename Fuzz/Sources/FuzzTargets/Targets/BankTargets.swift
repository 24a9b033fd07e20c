import CSystem
import FaceBank
import FaceBankDatabase
import FaceqSupport
import QuantRuntime

/// Banks besides those of boards, which are read as models are.
let bankTargets = [
  FuzzTarget(
    "gallery", "a gallery, its sums set right; it is searched",
    seeds: { ["gallery": try bytesWritten { path throws(FaceqError) in try GalleryFile.write(bank, to: path) }] },
    run: { bytes in
      expectSentence { () throws(FaceqError) in
        guard let gallery = try GalleryFile(input.holding(repairedGGUF(bytes))), gallery.count < 1000 else { return }
        let size = gallery.binding.embeddingSize
        guard size < 4096 else { return }
        var query = [Float](repeating: 0, count: size)
        query[size - 1] = 1
        precondition(gallery.people(kernels: fuzzKernels).search.nearest(query, count: 3).count <= 3)
      }
    }),
  FuzzTarget(
    "database", "a bank's database, as SQLite keeps it on disk", seeds: databaseSeeds,
    run: { bytes in
      guard bytes.starts(with: "SQLite format 3\0".utf8), bytes.count < 1 << 18 else { return }
      // SQLite wants to make files beside it.
      let path = memoryPath("bank.db")
      defer {
        for suffix in ["", "-journal", "-wal", "-shm"] { _ = path.appending(suffix).withCString { unlink($0) } }
      }
      expectSentence { () throws(FaceqError) in
        try writeFileAtomically(path: path, bytes)
        _ = try BankDatabase().bank(at: path, pictures: true)
      }
    }),
]

private let input = InputFile()

private let bank: FaceBank = {
  var bank = FaceBank(
    binding: BankBinding(modelName: "m.gguf", digest: "00", precision: "int8", embeddingSize: 20))
  for index in 0..<18 {
    var embedding = [Float](repeating: 0, count: 20)
    embedding[index] = 1
    _ = bank.add([EnrolledFace(person: PersonName("P\(index)"), photo: "a", embedding: embedding)])
  }
  return bank
}()

@Sendable private func databaseSeeds() throws -> [String: [UInt8]] {
  let seed = try bytesWritten { path throws(FaceqError) in
    _ = try BankDatabase().add(Array(bank.faces.prefix(3)), bank.binding, to: path)
  }
  return ["database": seed]
}
