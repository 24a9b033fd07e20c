package import FaceBank
internal import QuantRuntime

/// Who has been here a short while ago, so that each visit is told once, though its track breaks.
package struct Visits: Sendable {
  private struct Visit: Sendable {
    var number: Int
    var name: PersonName?
    /// Of a stranger, who is known by it.
    var embedding: [Float]
    var lastSeen: Double
  }

  private var visits: [Visit] = []
  private var count = 0
  /// Seconds for which somebody has to be away before a visit is another one.
  private let cooldown: Double
  /// The cosine from which on two strangers are one, −1…1.
  private let likeness: Float

  /// Visits that are remembered: memory is fixed.
  private static let limit = 256

  package init(cooldown: Double, likeness: Float) {
    self.cooldown = cooldown
    self.likeness = likeness
  }

  /// The visit of somebody who is seen now, and whether it is a new one.
  ///
  /// - Parameter begin: when the track began: whoever comes back is recognised a moment later.
  package mutating func visit(
    _ name: PersonName?, _ embedding: [Float], since begin: Double, at time: Double
  ) -> (number: Int, isNew: Bool) {
    var known: Int?
    var likest = likeness
    for (index, visit) in visits.enumerated() where visit.name == name && begin - visit.lastSeen <= cooldown {
      let alike = name == nil ? cosine(visit.embedding, embedding) : 1
      if alike >= likest { (known, likest) = (index, alike) }
    }
    if let known {
      visits[known].lastSeen = time
      return (visits[known].number, false)
    }
    count += 1
    if visits.count >= Self.limit, let oldest = visits.indices.min(by: { visits[$0].lastSeen < visits[$1].lastSeen }) {
      visits.remove(at: oldest)
    }
    visits.append(Visit(number: count, name: name, embedding: embedding, lastSeen: time))
    return (count, true)
  }

  /// Notes that somebody is still there.
  package mutating func see(_ number: Int, at time: Double) {
    if let index = visits.firstIndex(where: { $0.number == number }) { visits[index].lastSeen = time }
  }
}
