/// A checkpoint's names and shapes, and the questions that recognising an architecture asks of them.
struct CheckpointShapes {
  /// In the file's order, each once.
  let names: [String]
  private let shapes: [String: [Int]]

  /// - Parameter tensors: names may repeat; the last of a name counts.
  init(_ tensors: [(name: String, shape: [Int])]) {
    var names: [String] = []
    var shapes: [String: [Int]] = [:]
    for (name, shape) in tensors where shapes.updateValue(shape, forKey: name) == nil { names.append(name) }
    self.names = names
    self.shapes = shapes
  }

  subscript(name: String) -> [Int]? { shapes[name] }

  func contains(prefix: String) -> Bool { shapes.keys.contains { $0.hasPrefix(prefix) } }

  func contains(anyWith part: String) -> Bool { shapes.keys.contains { $0.contains(part) } }

  /// How many children `parent.0`, `parent.1`, … there are, up to the last of them.
  func childCount(of parent: String) -> Int {
    let prefix = parent + "."
    var count = 0
    for name in shapes.keys where name.hasPrefix(prefix) {
      guard let digits = name.dropFirst(prefix.count).split(separator: ".").first, let index = Int(digits),
        (0..<1000).contains(index)
      else { continue }
      count = max(count, index + 1)
    }
    return count
  }

  /// The length that most of these axes have; nil where there are none. A vote, so that one missing or mis-shaped
  /// tensor is reported as that and not as a fault of all the others.
  func length(of axes: [TensorAxis]) -> Int? {
    var votes: [Int: Int] = [:]
    var winner: Int?
    for candidate in axes {
      guard let shape = shapes[candidate.name], candidate.axis < shape.count, shape[candidate.axis] > 0 else {
        continue
      }
      let length = shape[candidate.axis]
      votes[length, default: 0] += 1
      if votes[length, default: 0] > winner.map({ votes[$0, default: 0] }) ?? 0 { winner = length }
    }
    return winner
  }

  /// The axes whose length is the output channels of a convolution or a linear layer with BatchNorm behind it.
  func outputAxes(_ convolution: String, _ norm: String) -> [TensorAxis] {
    [TensorAxis(convolution + ".weight")] + normAxes(norm)
  }

  func normAxes(_ norm: String) -> [TensorAxis] {
    ["weight", "bias", "running_mean", "running_var"].map { TensorAxis(norm + "." + $0) }
  }
}

/// One axis of a tensor.
struct TensorAxis {
  var name: String
  var axis: Int

  init(_ name: String, _ axis: Int = 0) {
    self.name = name
    self.axis = axis
  }
}
