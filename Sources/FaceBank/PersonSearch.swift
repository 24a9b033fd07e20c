import QuantRuntime
import SIMDKernels

/// Finds who in a bank is most like a face.
///
/// Int8 estimates sift the people; those who may be among the first two are compared exactly. The answer is that of
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

  /// The most similar person and the second, as far as there are so many.
  ///
  /// - Parameter embedding: of unit length, of the bank's model.
  public func nearest(_ embedding: [Float]) -> (best: Candidate?, runnerUp: Candidate?) {
    precondition(embedding.count == templates.size)
    let (estimates, error) = sieve.estimates(embedding)
    var second: Float = -.infinity
    var first: Float = -.infinity
    for estimate in estimates where estimate > second {
      second = min(first, estimate)
      first = max(first, estimate)
    }
    var best: Candidate?
    var runnerUp: Candidate?
    for (row, estimate) in estimates.enumerated() where estimate >= second - 2 * error {
      let candidate = Candidate(
        person: templates.names[row], cosine: cosine(embedding, templates.template(row)))
      if candidate.cosine > best?.cosine ?? -.infinity {
        runnerUp = best
        best = candidate
      } else if candidate.cosine > runnerUp?.cosine ?? -.infinity {
        runnerUp = candidate
      }
    }
    return (best, runnerUp)
  }
}
