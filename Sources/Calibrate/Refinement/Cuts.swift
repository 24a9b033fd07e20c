import QuantRuntime

/// Places between two nodes where a network can be gone on from: whatever later nodes read is kept there, for a number of
/// images.
struct Cuts {
  /// Nodes that one value alone reaches, the image excepted, and whose state fits the memory; ascending.
  let nodes: [Int]

  /// - Parameters:
  ///   - images: whose states, of the float network and of the quantised one, are kept at the same time.
  ///   - limit: of their bytes. Where a place would need more, images are run again from a place further up, in the end
  ///     from the start.
  /// - Throws: where the graph is not well formed or has something that int8 does not cover.
  init<Layer>(_ graph: Graph<Layer>, images: Int, limit: Int = Cuts.largestStates) throws(FaceqError) {
    let shapes = try graph.shapes()
    let forms = try graph.representations { _ in nil }.forms
    var nodes: [Int] = []
    let last = graph.lastReaders
    var alive: [Int] = []
    for index in graph.nodes.indices {
      if alive.count == 1, alive[0] > 0 {
        let shape = shapes[alive[0]]
        let bytesPerValue = 4 + (forms[alive[0]] == .bytes ? 1 : forms[alive[0]] == .float ? 4 : 2)
        if shape.pixels * paddedChannels(shape.channels) * bytesPerValue * images <= limit { nodes.append(index) }
      }
      alive.append(index)
      alive.removeAll { last[$0] <= index }
    }
    self.nodes = nodes
  }

  /// The last place from which a value can be computed; nil where that is the image.
  func cut(before value: Int) -> Int? { nodes.last { $0 <= value } }

  /// Bytes of all images' states.
  static let largestStates = 1 << 30
}
