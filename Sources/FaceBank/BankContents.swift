import FaceqSupport
import QuantRuntime
import SIMDKernels

/// A bank as it was at one moment, ready to be searched by any number of threads.
package final class BankContents: @unchecked Sendable {
  package let bank: FaceBank
  /// The people and how many faces each has, in the order of their names.
  package let people: [(name: PersonName, photos: Int)]
  package let search: PersonSearch
  private let indices: [Int: Int]
  private let lock = Lock()
  private var knownStrangers: StrangerCosines?

  init(_ bank: FaceBank, kernels: KernelTable) {
    self.bank = bank
    people = bank.people
    search = PersonSearch(bank, kernels: kernels)
    var indices: [Int: Int] = [:]
    for (index, face) in bank.faces.enumerated() { indices[face.id] = index }
    self.indices = indices
  }

  /// The face of a number.
  package func face(_ id: Int) -> EnrolledFace? { indices[id].map { bank.faces[$0] } }

  /// A person's faces, in the order in which they were added; nil where there is no such person.
  package func faces(of person: PersonName) -> [EnrolledFace]? {
    bank.contains(person) ? bank.faces.filter { $0.person == person } : nil
  }

  /// The most similar people, as many as `count` or as there are, the most similar first. Those without faces are
  /// nobody's likeness. The difference of the first two cosines is the margin.
  ///
  /// - Parameter embedding: of unit length, of the bank's model.
  package func nearest(_ embedding: [Float], count: Int = 2) -> [PersonSearch.Candidate] {
    search.nearest(embedding, count: count)
  }

  /// How like strangers are in the bank; computed when it is first asked for.
  package var strangers: StrangerCosines {
    lock.with {
      let strangers = knownStrangers ?? search.strangers(in: bank)
      knownStrangers = strangers
      return strangers
    }
  }
}
