import FaceqSupport
import QuantRuntime

extension CalibrationRecipe {
  /// The largest share of the multiply-accumulates that `raisingHeads(of:)` leaves at int16.
  package static let headShare = 0.03

  /// The recipe with the layers that compute the outputs at int16, then those that these read, and so on, for as long as
  /// all of them together have `headShare` of the work at most. What is rounded there moves a detector's answers as it
  /// is: no layer after it evens it out.
  ///
  /// - Throws: where the graph is not well formed.
  package func raisingHeads<Layer>(of graph: Graph<Layer>) throws(FaceqError) -> CalibrationRecipe {
    let work = try graph.multiplyAccumulates()
    let limit = Self.headShare * Double(work.reduce(0, +))
    let choosable = Set(graph.layersOfChoice)
    var raised = self
    var sum = 0.0
    var values = graph.outputs
    while true {
      let layers = graph.layersThatWrite(values)
      sum += layers.reduce(0) { $0 + Double(work[$1]) }
      guard !layers.isEmpty, sum <= limit else { return raised }
      for layer in layers where choosable.contains(layer) {
        raised[graph.nodes[layer].name] = LayerRecipe(
          precision: .int16, range: MaximumRange(margin: 2), reason: "computes an output")
      }
      values = layers.flatMap { graph.nodes[$0].inputs }
    }
  }
}

extension Graph {
  /// The layers with weights behind which nothing but other operations leads to one of `values`, in the order of the graph.
  fileprivate func layersThatWrite(_ values: [Int]) -> [Int] {
    var seen = Set<Int>()
    var layers: [Int] = []
    var next = values
    while let value = next.popLast() {
      guard seen.insert(value).inserted else { continue }
      switch nodes[value].operation {
      case .convolution, .linear: layers.append(value)
      default: next += nodes[value].inputs
      }
    }
    return layers.sorted()
  }
}
