import QuantRuntime

/// One photo of a person in a bank.
public struct EnrolledFace: Sendable, Equatable {
  public var person: String
  /// Where the embedding is from; for readers only.
  public var photo: String
  /// Of unit length.
  public var embedding: [Float]

  public init(person: String, photo: String, embedding: [Float]) {
    self.person = person
    self.photo = photo
    self.embedding = embedding
  }

  /// False also for what is not finite.
  public var isOfUnitLength: Bool { abs(embedding.reduce(0.0) { $0 + Double($1) * Double($1) } - 1) < 1e-3 }
}

/// Any number of people with any number of photos each.
public struct FaceBank: Sendable {
  public var binding: BankBinding
  /// In the order of enrolment.
  public var faces: [EnrolledFace]

  public init(binding: BankBinding, faces: [EnrolledFace] = []) {
    self.binding = binding
    self.faces = faces
  }

  /// The people and how many photos each has, in the order of their names.
  public var people: [(name: String, photos: Int)] {
    var counts: [String: Int] = [:]
    for face in faces { counts[face.person, default: 0] += 1 }
    return counts.map { (name: $0.key, photos: $0.value) }.sorted { $0.name < $1.name }
  }

  /// Adds those faces that are not there yet.
  ///
  /// - Returns: how many these are.
  public mutating func add(_ additions: [EnrolledFace]) -> Int {
    let before = faces.count
    var known = Set(faces.map { Identity($0) })
    for face in additions where known.insert(Identity(face)).inserted { faces.append(face) }
    return faces.count - before
  }

  /// - Returns: how many faces are no longer there.
  public mutating func remove(_ person: String) -> Int {
    let before = faces.count
    faces.removeAll { $0.person == person }
    return before - faces.count
  }

  /// Fails where a face, read from the file at `path`, cannot be what was written there.
  public func check(in path: FilePath) throws(FaceqError) {
    for face in faces {
      guard isPersonName(face.person), face.embedding.count == binding.embeddingSize, face.isOfUnitLength else {
        throw FaceqError("\(path) is damaged (an embedding or a name is impossible); take a copy of it, or enrol again")
      }
    }
  }
}

/// Equal for the same face of the same person, whatever its file is called.
private struct Identity: Hashable {
  let person: String
  let embedding: [Float]

  init(_ face: EnrolledFace) {
    person = face.person
    embedding = face.embedding
  }
}

/// Whether a person can be called so: 1 to 200 bytes, none of them a control character.
public func isPersonName(_ name: String) -> Bool {
  (1...200).contains(name.utf8.count) && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
}
