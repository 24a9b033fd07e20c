/// One photo of a person in a bank.
public struct EnrolledFace: Sendable {
  /// The face's number in its bank, from 1; 0 while it is in none. It stays as long as the face does, and no other face
  /// of that bank ever gets it.
  public package(set) var id: Int
  public var person: PersonName
  /// The name of the photo that the embedding is from, for people to read.
  public var photo: String
  /// The embedding, of unit length.
  public var embedding: [Float]
  /// When the face was first added to a bank, in seconds since 1970 (UTC). Nil while it is in none, and where the bank
  /// is from before times were kept.
  public var time: Int?
  /// The aligned face, where it is kept.
  public var picture: EnrolledPicture?

  public init(
    person: PersonName, photo: String, embedding: [Float], time: Int? = nil, picture: EnrolledPicture? = nil
  ) {
    self.init(id: 0, person: person, photo: photo, embedding: embedding, time: time, picture: picture)
  }

  package init(
    id: Int, person: PersonName, photo: String, embedding: [Float], time: Int?, picture: EnrolledPicture?
  ) {
    self.id = id
    self.person = person
    self.photo = photo
    self.embedding = embedding
    self.time = time
    self.picture = picture
  }

  /// The largest number that a face in a file may have; a bank does not get there by adding.
  package static let largestID = 1 << 52

  /// Whether the embedding has length 1; false also where it is not finite.
  var isOfUnitLength: Bool { abs(embedding.reduce(0.0) { $0 + Double($1) * Double($1) } - 1) < 1e-3 }
}
