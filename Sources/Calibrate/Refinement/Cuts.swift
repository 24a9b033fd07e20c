import FaceqSupport
import QuantRuntime

/// Places between two nodes where a network can be gone on from: whatever later nodes read is kept there, for a number of
/// images.
package struct Cuts {
  /// The nodes after the cuts, ascending.
  package let nodes: [Int]

  /// Chooses the places where units meet, which one sum alone reaches: in a residual network those between its blocks.
  /// Where there is none for `spacing` layers, the place among them with the fewest bytes is a cut, too.
  ///
  /// - Parameters:
  ///   - images: how many there are.
  ///   - limit: the limit of the bytes of all images' states. Where a place would need more, there is no cut, and images
  ///     are run again from a place further up, in the end from the start.
  ///   - bytes: those of one image's states before a node, of the float network and of the quantised one together.
  /// - Throws: where the graph is not well formed or has something that int8 does not cover.
  package init<Layer>(
    _ graph: Graph<Layer>, images: Int, limit: Int = Cuts.largestStates, bytes: (_ node: Int) -> Int
  ) throws(FaceqError) {
    let meetings = Set(try graph.units().dropFirst().map(\.nodes.lowerBound))
    var nodes: [Int] = []
    var layers = 0
    var smallest: (node: Int, bytes: Int, layers: Int)?
    for (index, node) in graph.nodes.enumerated() {
      let bytes = bytes(index)
      if bytes <= limit / max(images, 1) {
        if meetings.contains(index) {
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

  /// The last cut before a layer, by its node: what the layer reads is kept there, or written after it. Nil where the layer
  /// is reached from the image only.
  package func start(of layer: Int) -> Int? { nodes.last { $0 <= layer } }

  /// The usual limit of the bytes of all images' states: 1 GiB.
  package static let largestStates = 1 << 30
  /// About so many layers are run again at most, where the limit allows it.
  private static let spacing = 12
}
