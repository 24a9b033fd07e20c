import QuantRuntime

/// How like strangers are in a bank: the cosines of photos with the templates of other people. What share of them is
/// at least a threshold is the measured share of false accepts in this bank; where one person has two names, it counts
/// as two.
package struct StrangerCosines: Sendable, Equatable {
  /// How many cosines were computed.
  package let comparisons: Int
  /// How many are at least 0, 0.01, …, 1: 101 numbers.
  package let passing: [Int]

  /// - Parameter limit: about so many comparisons are made, of photos from all over the bank.
  init(_ bank: FaceBank, _ templates: PersonTemplates, limit: Int = 200_000) {
    let (people, size) = (templates.count, templates.size)
    let stride = max(1, bank.faces.count * people / limit)
    var comparisons = 0
    var counts = [Int](repeating: 0, count: 101)
    var rows: [PersonName: Int] = [:]
    for row in 0..<people { rows[templates.names[row]] = row }
    let values = templates.values.buffer
    for index in Swift.stride(from: 0, to: bank.faces.count, by: stride) {
      let face = bank.faces[index]
      let own = rows[face.person]
      for row in 0..<people where row != own {
        var cosine: Float = 0
        for component in 0..<size { cosine += face.embedding[component] * values[row * size + component] }
        comparisons += 1
        // The rounding of a sum must not make of equal vectors unequal ones.
        if cosine >= 0 { counts[min(100, Int(cosine * 100 + 1e-4))] += 1 }
      }
    }
    for step in (0..<100).reversed() { counts[step] += counts[step + 1] }
    self.comparisons = comparisons
    passing = counts
  }
}
