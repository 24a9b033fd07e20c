import FaceBank
import QuantRuntime
import SIMDKernels

/// What makes newly enrolled photos suspect: one that is unlike the others of its person, or like somebody else.
struct EnrollmentDoubts {
  private var doubts: [String] = []

  /// - Parameters:
  ///   - faces: the new faces.
  ///   - bank: the bank with the new faces in it.
  init(_ faces: [EnrolledFace], in bank: FaceBank, kernels: KernelTable) {
    let sums = EnrollmentDoubts.sums(of: Set(faces.map { $0.person }), in: bank)
    let search = bank.people.count > 1 ? PersonSearch(bank, kernels: kernels) : nil
    var compared: Set<PersonName> = []
    var alike: Set<[PersonName]> = []
    for face in faces {
      guard let sum = sums[face.person] else { continue }
      var own: Float?
      if sum.count > 1 {
        own = cosine(face.embedding, zip(sum.values, face.embedding).map { $0 - $1 })
      }
      let other = search.flatMap { EnrollmentDoubts.nearest(face, $0) }
      if let own, let other, other.cosine > own {
        doubts.append(
          "\(face.photo) is more like \(other.person) (cosine \(cosineText(other.cosine))) than the other photos of "
            + "\(face.person) (\(cosineText(own))); look whether it shows \(face.person)")
      } else if let own, own < PersonSearch.identifyingCosine, sum.count > 2 || compared.insert(face.person).inserted {
        doubts.append(
          "\(face.photo) is unlike the other photos of \(face.person) (cosine \(cosineText(own))); look whether all show "
            + "one person")
      } else if let other, other.cosine >= PersonSearch.identifyingCosine,
        alike.insert([face.person, other.person].sorted()).inserted
      {
        doubts.append(
          "\(face.photo) of \(face.person) is much like \(other.person) (cosine \(cosineText(other.cosine))); look whether "
            + "one person has two names")
      }
    }
  }

  /// A line for each doubt, and one for those that are too many.
  func lines(limit: Int) -> [String] {
    let rest = doubts.count - limit
    return doubts.prefix(limit) + (rest > 0 ? ["there are \(counted(rest, "doubt")) more of these kinds"] : [])
  }

  /// The sum of each person's embeddings.
  private static func sums(
    of people: Set<PersonName>, in bank: FaceBank
  ) -> [PersonName: (values: [Float], count: Int)] {
    var sums: [PersonName: (values: [Float], count: Int)] = [:]
    for face in bank.faces where people.contains(face.person) {
      guard sums[face.person] != nil else {
        sums[face.person] = (face.embedding, 1)
        continue
      }
      for component in face.embedding.indices { sums[face.person]?.values[component] += face.embedding[component] }
      sums[face.person]?.count += 1
    }
    return sums
  }

  /// The person who is most like `face`, its own excepted.
  private static func nearest(_ face: EnrolledFace, _ search: PersonSearch) -> PersonSearch.Candidate? {
    let (best, runnerUp) = search.nearest(face.embedding)
    return best?.person == face.person ? runnerUp : best
  }
}
