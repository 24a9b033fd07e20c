import FaceqSupport
import SIMDKernels

/// A network whose numbers are as the kernels want them, ready to be planned for pictures of any size.
enum PackedGraph {
  case float(Graph<PackedFloatLayer>)
  case int8(Graph<QuantisedLayer>)

  /// Lays the network out for pictures of a size.
  ///
  /// - Parameters:
  ///   - observing: hand out the values of every node.
  ///   - memory: where the program works.
  ///   - limit: the bytes of values that there may be.
  /// - Throws: where the network does not fit the picture, or the limit is reached.
  func program(
    height: Int, width: Int, _ kernels: KernelTable, threads: ThreadPlan, winograd: WinogradChoice,
    _ memory: ProgramMemory, observing: Bool = false, limit: Int = PackedGraph.largestProgram
  ) throws(FaceqError) -> Program {
    switch self {
    case .float(let graph):
      let shapes = try graph.shapes(height: height, width: width)
      let layout = try ValueLayout(
        graph, shapes: shapes, forms: [Form](repeating: .float, count: shapes.count), observing: observing,
        memory: memory, limit: limit)
      var plan = FloatPlan(graph, ProgramPlan(layout, memory, kernels, threads: threads, observing: observing))
      try plan.addNodes()
      return Program(plan.plan, outputs: graph.outputs)
    case .int8(let graph):
      let shapes = try graph.shapes(height: height, width: width)
      let layout = try ValueLayout(
        graph, shapes: shapes, forms: try graph.representations().forms, observing: observing, memory: memory,
        limit: limit)
      var plan = IntegerPlan(
        graph, ProgramPlan(layout, memory, kernels, threads: threads, observing: observing), winograd)
      try plan.addNodes()
      return Program(plan.plan, outputs: graph.outputs)
    }
  }

  /// Bytes of activations that a program may need: enough for a detector on a picture of 4,000 × 3,000 pixels.
  static let largestProgram = 2 << 30
}
