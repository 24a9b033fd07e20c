import FaceqSupport
import QuantRuntime

/// Reads a bank's file of this version, 3, or of version 2, which has neither numbers nor times nor pictures.
struct BankFileReader {
  private let file: GGUFFile
  private let version: Int

  init(_ path: FilePath) throws(FaceqError) {
    file = try GGUFFile(path: path)
    guard file.value(BankFileKey.version) != nil else {
      throw FaceqError("\(path) is not a bank; name one that was enrolled or exported")
    }
    version = try file.unsigned(BankFileKey.version)
    guard version == 2 || version == 3 else {
      throw FaceqError("\(path) is a bank of version \(version); this faceq reads versions 2 and 3")
    }
  }

  func binding() throws(FaceqError) -> BankBinding { try BankBinding(file) }

  func bank() throws(FaceqError) -> FaceBank {
    let binding = try binding()
    try file.verifyTensors()
    let people = try texts(BankFileKey.people)
    let photos = try texts(BankFileKey.photos)
    let count = people.count
    let ids = try version == 2 ? Array(1...max(1, count)).prefix(count) : numbers(BankFileKey.ids)[...]
    let times = try version == 2 ? [Int](repeating: 0, count: count) : numbers(BankFileKey.times)
    let pictures = try version == 2 ? [EnrolledPicture?](repeating: nil, count: count) : self.pictures()
    let nextID = try version == 2 ? 1 : file.unsigned(BankFileKey.nextID)
    let without = try version == 2 ? [] : texts(BankFileKey.peopleWithoutFaces)
    guard [photos.count, ids.count, times.count, pictures.count].allSatisfy({ $0 == count }),
      ids.allSatisfy({ (1...EnrolledFace.largestID).contains($0) }),
      version == 2 || ids.allSatisfy({ $0 < nextID }) && nextID <= EnrolledFace.largestID
    else { throw unusable }
    var faces: [(name: String, face: EnrolledFace)] = []
    let values = try embeddings(count, binding)
    let size = binding.embeddingSize
    for index in 0..<count {
      let face = EnrolledFace(
        id: ids[index], person: PersonName(people[index]), photo: photos[index],
        embedding: Array(values[index * size..<(index + 1) * size]), time: times[index] == 0 ? nil : times[index],
        picture: pictures[index])
      faces.append((people[index], face))
    }
    let bank = FaceBank(binding: binding, stored: faces, people: without.map { PersonName($0) }, nextID: nextID)
    try bank.check(in: file.path)
    return bank
  }

  private func embeddings(_ count: Int, _ binding: BankBinding) throws(FaceqError) -> [Float] {
    guard count > 0 else { return [] }
    let embeddings = try file.tensor(BankFileKey.embeddings)
    guard embeddings.dimensions == [count, binding.embeddingSize] else { throw unusable }
    return try embeddings.elements(as: Float.self)
  }

  private func pictures() throws(FaceqError) -> [EnrolledPicture?] {
    guard case .uint32Array(let sizes) = file.value(BankFileKey.pictureSizes) else { throw unusable }
    let tensor = file.tensorIfPresent(BankFileKey.pictures)
    guard sizes.reduce(0, { $0 + Int($1) }) == tensor?.bytes.count ?? 0 else { throw unusable }
    var pictures: [EnrolledPicture?] = []
    var offset = 0
    for size in sizes {
      guard let tensor, size > 0 else {
        pictures.append(nil)
        continue
      }
      guard let picture = EnrolledPicture(tensor, offset..<offset + Int(size)) else { throw unusable }
      pictures.append(picture)
      offset += Int(size)
    }
    return pictures
  }

  private func texts(_ key: String) throws(FaceqError) -> [String] {
    guard case .stringArray(let texts) = file.value(key) else { throw unusable }
    return texts
  }

  private func numbers(_ key: String) throws(FaceqError) -> [Int] {
    guard case .uint64Array(let numbers) = file.value(key) else { throw unusable }
    let exact = numbers.compactMap { Int(exactly: $0) }
    guard exact.count == numbers.count else { throw unusable }
    return exact
  }

  private var unusable: FaceqError {
    FaceqError("\(file.path) contradicts itself; copy the bank again or export it again")
  }
}
