/// What stands for each person of a bank: the mean of the embeddings, brought back to unit length.
package struct PersonTemplates {
  /// The names of those who have faces, in the order of their bytes.
  package let names: [PersonName]
  let size: Int
  /// The templates, [person][component]: zeros where a person's embeddings cancel out.
  let values: [Float]

  package init(_ bank: FaceBank) {
    names = bank.people.filter { $0.photos > 0 }.map { $0.name }
    size = bank.binding.embeddingSize
    var rows: [PersonName: Int] = [:]
    for (row, name) in names.enumerated() { rows[name] = row }
    var sums = [Float](repeating: 0, count: names.count * size)
    for face in bank.faces {
      guard let row = rows[face.person] else { continue }
      for component in 0..<size { sums[row * size + component] += face.embedding[component] }
    }
    for row in 0..<names.count {
      var squares = 0.0
      for index in row * size..<(row + 1) * size { squares += Double(sums[index]) * Double(sums[index]) }
      guard squares > 0 else { continue }
      let scale = Float(1 / squares.squareRoot())
      for index in row * size..<(row + 1) * size { sums[index] *= scale }
    }
    values = sums
  }

  package func template(_ row: Int) -> [Float] { Array(values[row * size..<(row + 1) * size]) }
}
