import FaceBank
import FaceBankDatabase
import FaceqSupport
import QuantRuntime
import SIMDKernels
import TestSupport
import Testing

struct PersonSearchTests {
  /// On every instruction set, for sizes around the kernels' blocks, the answer is that of comparing everyone.
  @Test(arguments: [1, 2, 15, 16, 17, 300])
  func asComparingEveryone(people: Int) {
    var vectors = RandomVectors(seed: UInt64(people))
    var bank = FaceBank(binding: binding)
    for person in 0..<people {
      _ = bank.add([EnrolledFace(person: PersonName("\(1000 + person)"), photo: "", embedding: vectors.next())])
    }
    for instructionSet in availableInstructionSets() {
      let search = PersonSearch(bank, kernels: kernelTable(instructionSet))
      for _ in 0..<20 {
        let query = vectors.next()
        let sorted = bank.faces.map { ($0.person, cosine(query, $0.embedding)) }.sorted { $0.1 > $1.1 }
        let (best, runnerUp) = search.nearest(query)
        #expect(best?.person == sorted[0].0 && abs((best?.cosine ?? 9) - sorted[0].1) < 1e-6)
        #expect(runnerUp?.person == (people > 1 ? sorted[1].0 : nil))
        for count in [0, 1, 5, 400] {
          #expect(search.nearest(query, count: count).map(\.person) == sorted.prefix(count).map(\.0))
        }
      }
    }
  }

  /// Two photos of one person: the template lies between them.
  @Test func theMeanStandsForAPerson() {
    var vectors = RandomVectors(seed: 3)
    let (first, second) = (vectors.next(), vectors.next())
    var bank = FaceBank(binding: binding)
    _ = bank.add([
      EnrolledFace(person: "Ada", photo: "1", embedding: first),
      EnrolledFace(person: "Ada", photo: "2", embedding: second),
    ])
    let search = PersonSearch(bank, kernels: kernelTable(.portable))
    let between = unit(zip(first, second).map { $0 + $1 })
    #expect(abs((search.nearest(between).best?.cosine ?? 0) - 1) < 1e-6)
    #expect(abs((search.nearest(first).best?.cosine ?? 0) - cosine(first, between)) < 1e-6)
    #expect(search.nearest(first).runnerUp == nil)
  }

  /// A gallery gives the answers of the bank that it was made from, on every instruction set.
  @Test(arguments: [1, 16, 17, 300])
  func galleriesAnswerAsBanks(people: Int) throws {
    let folder = try TemporaryFolder()
    let path = FilePath(folder("people.gallery"))
    var vectors = RandomVectors(seed: UInt64(people))
    var bank = FaceBank(binding: binding)
    for person in 0..<people {
      let name = PersonName("\(1000 + person) Žofie")
      _ = bank.add((0...person % 3).map { EnrolledFace(person: name, photo: "\($0)", embedding: vectors.next()) })
    }
    try GalleryFile.write(bank, to: path)
    let gallery = try #require(try GalleryFile(path))
    #expect(gallery.binding == binding && gallery.count == people)
    for instructionSet in availableInstructionSets() {
      let kernels = kernelTable(instructionSet)
      let (stored, computed) = (gallery.people(kernels: kernels).search, PersonSearch(bank, kernels: kernels))
      for _ in 0..<10 {
        let query = vectors.next()
        #expect(stored.nearest(query, count: 5) == computed.nearest(query, count: 5))
      }
    }
  }

  /// Every byte of a gallery counts, and a bank is none.
  @Test func damagedGalleries() throws {
    let folder = try TemporaryFolder()
    let bank = FaceBank(binding: binding, faces: someFaces())
    try GalleryFile.write(bank, to: FilePath(folder("people.gallery")))
    let bytes = try folder.bytes("people.gallery")
    for position in stride(from: 0, to: bytes.count, by: 7) {
      var damaged = bytes
      damaged[position] ^= 0x10
      try folder.write(damaged, to: "damaged.gallery")
      #expect((try? GalleryFile(FilePath(folder("damaged.gallery")))) == nil)
    }
    try BankFile().write(bank, to: FilePath(folder("people.bank")))
    let none = try GalleryFile(FilePath(folder("people.bank")))
    #expect(none == nil)
    let empty = FaceBank(binding: binding)
    #expect(throws: FaceqError.self) { try GalleryFile.write(empty, to: FilePath(folder("empty.gallery"))) }
  }

  /// Whatever numbers a gallery has, in whatever order, a search ends.
  @Test func lyingGalleries() throws {
    let folder = try TemporaryFolder()
    let path = FilePath(folder("people.gallery"))
    try GalleryFile.write(FaceBank(binding: binding, faces: someFaces()), to: path)
    let file = try GGUFFile(path: path)
    for (sum, scale) in [(Int32.min, Float.nan), (.max, .infinity), (.max, -1)] {
      var writer = GGUFWriter()
      for (key, value) in file.metadata where key.hasPrefix("faceq.gallery") || key.hasPrefix("faceq.bank") {
        writer.set(key, value)
      }
      for tensor in file.tensors.reversed() {
        switch tensor.type {
        case .int8: writer.add(tensor.name, dimensions: tensor.dimensions, try tensor.elements(as: Int8.self))
        case .int32:
          writer.add(tensor.name, dimensions: tensor.dimensions, [Int32](repeating: sum, count: tensor.count))
        case .int64: writer.add(tensor.name, dimensions: tensor.dimensions, try tensor.elements(as: Int64.self))
        default:
          var numbers = try tensor.elements(as: Float.self)
          if tensor.name == "scales" { numbers = numbers.map { _ in scale } }
          writer.add(tensor.name, dimensions: tensor.dimensions, numbers)
        }
      }
      let lie = FilePath(folder("lying.gallery"))
      try writer.write(to: lie)
      let gallery = try #require(try GalleryFile(lie))
      for instructionSet in availableInstructionSets() {
        let people = gallery.people(kernels: kernelTable(instructionSet))
        #expect(people.search.nearest(someFaces()[0].embedding, count: 2).count <= 2)
      }
    }
  }

  @Test func nobody() {
    var bank = FaceBank(binding: binding)
    var vectors = RandomVectors(seed: 3)
    let query = vectors.next()
    #expect(PersonSearch(bank, kernels: kernelTable(.portable)).nearest(query).best == nil)
    let isNew = bank.create("Ada")
    #expect(isNew)
    #expect(PersonSearch(bank, kernels: kernelTable(.portable)).nearest(query, count: 3).isEmpty)
  }
}
