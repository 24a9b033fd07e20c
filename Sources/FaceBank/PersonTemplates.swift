import QuantRuntime

/// What stands for each person of a bank: the mean of the embeddings, brought back to unit length.
package struct PersonTemplates: Sendable {
  /// The names of those who have faces, in the order of their bytes.
  package let names: PackedNames
  package let size: Int
  /// The templates, [person][component]: zeros where a person's embeddings cancel out.
  package let values: Tensor<Float>

  package var count: Int { names.count }

  package init(names: PackedNames, size: Int, values: Tensor<Float>) {
    (self.names, self.size, self.values) = (names, size, values)
  }

  /// - Parameter values: of unit length, [person][component].
  package init(names: [PersonName], size: Int, values: [Float]) {
    precondition(values.count == names.count * size)
    self.init(names: PackedNames(names), size: size, values: Tensor(values))
  }

  package init(_ bank: FaceBank) {
    let names = bank.people.filter { $0.photos > 0 }.map { $0.name }
    let size = bank.binding.embeddingSize
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
    self.init(names: names, size: size, values: sums)
  }

  package func template(_ row: Int) -> [Float] { Array(values.buffer[row * size..<(row + 1) * size]) }
}
