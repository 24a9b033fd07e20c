import QuantRuntime

/// Places between two nodes where a network can be gone on from: whatever later nodes read is kept there, for a number of
/// images.
package struct Cuts {
  /// The nodes after the cuts, ascending.
  package let nodes: [Int]

  /// Chooses the places that one value alone reaches, the image excepted. Where there is none for `spacing` layers, the
  /// place among them with the fewest bytes is a cut, too.
  ///
  /// - Parameters:
  ///   - images: how many there are.
  ///   - limit: of the bytes of all images' states. Where a place would need more, there is no cut, and images are run
  ///     again from a place further up, in the end from the start.
  ///   - bytes: those of one image's states before a node, of the float network and of the quantised one together.
  package init<Layer>(
    _ graph: Graph<Layer>, images: Int, limit: Int = Cuts.largestStates, bytes: (_ node: Int) -> Int
  ) {
    let soleValues = graph.soleValues
    var nodes: [Int] = []
    var layers = 0
    var smallest: (node: Int, bytes: Int, layers: Int)?
    for (index, node) in graph.nodes.enumerated() {
      let bytes = index > 1 ? bytes(index) : .max
      if bytes <= limit / max(images, 1) {
        if soleValues[index] != nil {
          nodes.append(index)
          (layers, smallest) = (0, nil)
        } else if layers > 0, bytes <= smallest?.bytes ?? .max {
          smallest = (index, bytes, layers)
        }
      }
      if layers >= Self.spacing, let found = smallest {
        nodes.append(found.node)
        (layers, smallest) = (layers - found.layers, nil)
      }
      switch node.operation {
      case .convolution, .linear: layers += 1
      default: break
      }
    }
    self.nodes = nodes
  }

  /// For each of the values that layers read, one layer after the other, the last cut from which it and those of all later
  /// layers can be computed; nil where that is the image. Later layers never have an earlier one.
  package func starts(for values: [Int]) -> [Int?] {
    var starts: [Int?] = []
    var first = Int.max
    for value in values.reversed() {
      first = min(first, value)
      starts.append(nodes.last { $0 <= first })
    }
    return starts.reversed()
  }

  /// Bytes of all images' states: 1 GiB.
  package static let largestStates = 1 << 30
  /// Layers that are run again at most where several values are alive all the time, about.
  private static let spacing = 12
}
