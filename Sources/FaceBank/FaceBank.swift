import FaceqSupport

/// The faces of any number of people, with any number of photos each, by one model.
public struct FaceBank: Sendable {
  public var binding: BankBinding
  /// All faces, in the order of enrolment.
  public internal(set) var faces: [EnrolledFace] = []
  /// Everybody, also those without a face.
  var names: Set<PersonName> = []
  /// The number of the next face that is added.
  private(set) var nextID = 1

  /// - Parameter faces: get numbers from 1 and the present time, where they have none.
  public init(binding: BankBinding, faces: [EnrolledFace] = []) {
    self.binding = binding
    for face in faces { _ = append(face) }
  }

  /// A bank that was read from a file. One name may be there in two forms: a face that both have is taken once.
  ///
  /// - Parameters:
  ///   - faces: with the names as they are in the file, and their numbers.
  ///   - people: also those without a face.
  ///   - nextID: at least this is the next face's number.
  package init(
    binding: BankBinding, stored faces: [(name: String, face: EnrolledFace)], people: [PersonName] = [],
    nextID: Int = 1
  ) {
    self.binding = binding
    if faces.allSatisfy({ $0.name.utf8.elementsEqual($0.face.person.description.utf8) }) {
      self.faces = faces.map { $0.face }
    } else {
      var known: Set<FaceIdentity> = []
      self.faces = faces.map { $0.face }.filter { known.insert(FaceIdentity($0)).inserted }
    }
    names = Set(people)
    self.nextID = nextID
    for face in faces {
      names.insert(face.face.person)
      self.nextID = max(self.nextID, face.face.id + 1)
    }
  }

  /// The people and how many photos each has, in the order of their names.
  public var people: [(name: PersonName, photos: Int)] {
    var counts: [PersonName: Int] = [:]
    for name in names { counts[name] = 0 }
    for face in faces { counts[face.person, default: 0] += 1 }
    return counts.map { (name: $0.key, photos: $0.value) }.sorted { $0.name < $1.name }
  }

  /// Whether there is a person of this name, with or without faces.
  public func contains(_ person: PersonName) -> Bool { names.contains(person) }

  /// Adds a face and its person.
  ///
  /// - Returns: the face's number.
  mutating func append(_ face: EnrolledFace) -> Int {
    var face = face
    face.id = nextID
    if face.time == nil { face.time = secondsSince1970() }
    nextID += 1
    names.insert(face.person)
    faces.append(face)
    return face.id
  }

  /// Fails where a face or a person, read from the file at `path`, cannot be what was written there.
  package func check(in path: FilePath) throws(FaceqError) {
    let isPossible =
      names.allSatisfy { $0.isPossible }
      && faces.allSatisfy {
        $0.person.isPossible && $0.embedding.count == binding.embeddingSize && $0.isOfUnitLength && $0.time ?? 0 >= 0
      } && Set(faces.map { $0.id }).count == faces.count
    guard isPossible else {
      throw FaceqError("\(path) is damaged (a face or a name is impossible); take a copy of it, or enrol again")
    }
  }
}

/// The name of `FaceBank` where a module has a type of that name: this one's would stand for it.
package typealias EnrolledFaces = FaceBank
