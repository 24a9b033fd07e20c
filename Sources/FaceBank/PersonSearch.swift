import QuantRuntime
import SIMDKernels

/// Finds who in a bank is most like a face.
///
/// Int8 estimates sift the people; those who may be among the first are compared exactly. The answer is that of
/// comparing everyone exactly, whatever the machine.
public struct PersonSearch {
  /// A person and the cosine of the face with the person's template.
  public struct Candidate: Sendable, Equatable {
    public var person: PersonName
    public var cosine: Float
  }

  /// A face with at least this cosine is identified, unless the user says otherwise.
  package static let identifyingCosine: Float = 0.4

  private let templates: PersonTemplates
  private let sieve: TemplateSieve

  public init(_ bank: FaceBank, kernels: KernelTable) {
    templates = PersonTemplates(bank)
    sieve = TemplateSieve(templates, kernels)
  }

  /// How like strangers are in `bank`, which this search was made from.
  func strangers(in bank: FaceBank) -> StrangerCosines { StrangerCosines(bank, templates) }

  /// The most similar person and the second, as far as there are so many.
  ///
  /// - Parameter embedding: of unit length, of the bank's model.
  public func nearest(_ embedding: [Float]) -> (best: Candidate?, runnerUp: Candidate?) {
    let candidates = nearest(embedding, count: 2)
    return (candidates.first, candidates.count > 1 ? candidates[1] : nil)
  }

  /// The most similar people, as many as `count` or as there are, the most similar first.
  ///
  /// - Parameter embedding: of unit length, of the bank's model.
  public func nearest(_ embedding: [Float], count: Int) -> [Candidate] {
    precondition(embedding.count == templates.size)
    guard count > 0 else { return [] }
    let (estimates, error) = sieve.estimates(embedding)
    var largest: [Float] = []
    for estimate in estimates { insert(estimate, into: &largest, count: count, by: { $0 > $1 }) }
    let least = largest.count < count ? -Float.infinity : largest[count - 1] - 2 * error
    var candidates: [Candidate] = []
    for (row, estimate) in estimates.enumerated() where estimate >= least {
      let candidate = Candidate(person: templates.names[row], cosine: cosine(embedding, templates.template(row)))
      insert(candidate, into: &candidates, count: count, by: { $0.cosine > $1.cosine })
    }
    return candidates
  }
}

/// Keeps the first `count` elements in order; among equals the earlier stays before the later.
private func insert<Element>(
  _ element: Element, into elements: inout [Element], count: Int, by isBefore: (Element, Element) -> Bool
) {
  if elements.count == count, !isBefore(element, elements[count - 1]) { return }
  var index = elements.count
  while index > 0, isBefore(element, elements[index - 1]) { index -= 1 }
  elements.insert(element, at: index)
  if elements.count > count { elements.removeLast() }
}
