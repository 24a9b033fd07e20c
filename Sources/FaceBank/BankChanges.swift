import FaceqSupport

/// What adding faces to a bank did.
public struct BankAddition: Sendable, Equatable {
  /// The number of each face in the bank, in the order in which they were given.
  public var ids: [Int]
  /// How many were not there before.
  public var added: Int

  package init(ids: [Int], added: Int) {
    self.ids = ids
    self.added = added
  }
}

/// What came of giving a person another name.
public enum BankRenaming: Sendable, Equatable {
  case done
  /// Nobody has the old name.
  case unknown
  /// Somebody else has the new one.
  case taken
}

// Changes in memory; storages do the same in files.
extension FaceBank {
  /// Adds those faces that are not there yet, and pictures of those that were there without one.
  public mutating func add(_ additions: [EnrolledFace]) -> BankAddition {
    var known: [FaceIdentity: Int] = [:]
    for (index, face) in faces.enumerated() { known[FaceIdentity(face)] = index }
    var addition = BankAddition(ids: [], added: 0)
    for face in additions {
      if let index = known[FaceIdentity(face)] {
        if faces[index].picture == nil { faces[index].picture = face.picture }
        addition.ids.append(faces[index].id)
      } else {
        known[FaceIdentity(face)] = faces.count
        addition.ids.append(append(face))
        addition.added += 1
      }
    }
    return addition
  }

  /// Adds a person without a face.
  ///
  /// - Returns: whether the name was new.
  public mutating func create(_ person: PersonName) -> Bool { names.insert(person).inserted }

  /// Gives a person another name.
  ///
  /// - Parameter merging: whether somebody who has that name gets the faces, instead of keeping it.
  public mutating func rename(_ person: PersonName, to name: PersonName, merging: Bool) -> BankRenaming {
    guard names.contains(person) else { return .unknown }
    guard person != name else { return .done }
    guard merging || !names.contains(name) else { return .taken }
    names.remove(person)
    names.insert(name)
    var known = Set(faces.filter { $0.person == name }.map { FaceIdentity($0) })
    faces = faces.compactMap { face in
      guard face.person == person else { return face }
      var renamed = face
      renamed.person = name
      return known.insert(FaceIdentity(renamed)).inserted ? renamed : nil
    }
    return .done
  }

  /// Removes a person with all faces.
  ///
  /// - Returns: how many faces these were; nil where there is no such person.
  public mutating func remove(_ person: PersonName) -> Int? {
    guard names.remove(person) != nil else { return nil }
    let before = faces.count
    faces.removeAll { $0.person == person }
    return before - faces.count
  }

  /// Removes one face; its person stays, also without any.
  ///
  /// - Returns: whose face it was; nil where there is no face of that number.
  public mutating func remove(face id: Int) -> PersonName? {
    guard let index = faces.firstIndex(where: { $0.id == id }) else { return nil }
    return faces.remove(at: index).person
  }

  /// Removes everybody.
  ///
  /// - Returns: how many people and faces these were.
  public mutating func removeAll() -> (people: Int, faces: Int) {
    defer {
      names = []
      faces = []
    }
    return (names.count, faces.count)
  }
}

/// What makes a face in a bank the same as another: person and embedding, whatever the photo's file is called.
struct FaceIdentity: Hashable {
  let person: PersonName
  let embedding: [Float]

  init(_ face: EnrolledFace) {
    person = face.person
    embedding = face.embedding
  }
}
