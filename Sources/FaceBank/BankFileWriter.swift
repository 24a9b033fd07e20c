import FaceqSupport
import QuantRuntime

/// Metadata keys and tensors of a bank's file. What one key says of each face has the order of the faces.
enum BankFileKey {
  static let version = "faceq.bank.version"
  static let modelName = "faceq.bank.model"
  static let digest = "faceq.bank.digest"
  static let precision = "faceq.bank.precision"
  static let embeddingSize = "faceq.bank.embedding_size"
  static let detectorFamily = "faceq.bank.detector.family"
  static let detectorDigest = "faceq.bank.detector.digest"
  /// The name of each face's person.
  static let people = "faceq.bank.people"
  static let photos = "faceq.bank.photos"
  static let ids = "faceq.bank.ids"
  /// In seconds since 1970; 0 where the time is not known.
  static let times = "faceq.bank.times"
  /// How many bytes each face's picture has; 0 where there is none.
  static let pictureSizes = "faceq.bank.picture_sizes"
  static let nextID = "faceq.bank.next_id"
  /// The names of those who have no face.
  static let peopleWithoutFaces = "faceq.bank.people_without_faces"
  /// The name of the tensor of embeddings: float [face][component].
  static let embeddings = "embeddings"
  /// The name of the tensor of pictures: their bytes, one behind the other.
  static let pictures = "pictures"
}

extension BankFile {
  /// Writes a whole bank, in place of whatever is at `path`.
  public func write(_ bank: FaceBank, to path: FilePath) throws(FaceqError) {
    let binding = bank.binding
    let faces = bank.faces
    var writer = GGUFWriter()
    writer.set(BankFileKey.version, .uint32(3))
    binding.write(to: &writer)
    let pictures = faces.map { $0.picture?.bytes ?? [] }
    writer.set(BankFileKey.people, .stringArray(faces.map { $0.person.description }))
    writer.set(BankFileKey.photos, .stringArray(faces.map { $0.photo }))
    writer.set(BankFileKey.ids, .uint64Array(faces.map { UInt64($0.id) }))
    writer.set(BankFileKey.times, .uint64Array(faces.map { UInt64($0.time ?? 0) }))
    writer.set(BankFileKey.pictureSizes, .uint32Array(pictures.map { UInt32($0.count) }))
    writer.set(BankFileKey.nextID, .uint64(UInt64(bank.nextID)))
    writer.set(
      BankFileKey.peopleWithoutFaces,
      .stringArray(bank.people.filter { $0.photos == 0 }.map { $0.name.description }))
    if !faces.isEmpty {
      writer.add(
        BankFileKey.embeddings, dimensions: [faces.count, binding.embeddingSize], faces.flatMap { $0.embedding })
    }
    let size = pictures.reduce(0) { $0 + $1.count }
    if size > 0 {
      writer.add(BankFileKey.pictures, dimensions: [size]) { () throws(FaceqError) in
        pictures.flatMap { $0.map { Int8(bitPattern: $0) } }
      }
    }
    try writer.write(to: path)
  }
}
