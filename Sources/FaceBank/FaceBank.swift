import FaceqSupport

/// One photo of a person in a bank.
public struct EnrolledFace: Sendable, Equatable {
  public var person: PersonName
  /// The name of the photo that the embedding is from, for people to read.
  public var photo: String
  /// The embedding, of unit length.
  public var embedding: [Float]

  public init(person: PersonName, photo: String, embedding: [Float]) {
    self.person = person
    self.photo = photo
    self.embedding = embedding
  }

  /// Whether the embedding has length 1; false also where it is not finite.
  var isOfUnitLength: Bool { abs(embedding.reduce(0.0) { $0 + Double($1) * Double($1) } - 1) < 1e-3 }
}

/// The faces of any number of people, with any number of photos each, by one model.
public struct FaceBank: Sendable {
  public var binding: BankBinding
  /// All faces, in the order of enrolment.
  public var faces: [EnrolledFace]

  public init(binding: BankBinding, faces: [EnrolledFace] = []) {
    self.binding = binding
    self.faces = faces
  }

  /// A bank that was read from a file. One name may be there in two forms: a face that both have is taken once.
  ///
  /// - Parameter faces: with the names as they are in the file.
  package init(binding: BankBinding, stored faces: [(name: String, face: EnrolledFace)]) {
    self.init(binding: binding)
    if faces.allSatisfy({ $0.name.utf8.elementsEqual($0.face.person.description.utf8) }) {
      self.faces = faces.map { $0.face }
    } else {
      _ = add(faces.map { $0.face })
    }
  }

  /// The people and how many photos each has, in the order of their names.
  public var people: [(name: PersonName, photos: Int)] {
    var counts: [PersonName: Int] = [:]
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

  /// Removes all faces of a person.
  ///
  /// - Returns: how many faces these were.
  public mutating func remove(_ person: PersonName) -> Int {
    let before = faces.count
    faces.removeAll { $0.person == person }
    return before - faces.count
  }

  /// Fails where a face, read from the file at `path`, cannot be what was written there.
  package func check(in path: FilePath) throws(FaceqError) {
    for face in faces {
      guard face.person.isPossible, face.embedding.count == binding.embeddingSize, face.isOfUnitLength else {
        throw FaceqError("\(path) is damaged (an embedding or a name is impossible); take a copy of it, or enrol again")
      }
    }
  }
}

/// What makes a face in a bank the same as another: person and embedding, whatever the photo's file is called.
private struct Identity: Hashable {
  let person: PersonName
  let embedding: [Float]

  init(_ face: EnrolledFace) {
    person = face.person
    embedding = face.embedding
  }
}

/// The name of `FaceBank` where a module has a type of that name: this one's would stand for it.
package typealias EnrolledFaces = FaceBank
