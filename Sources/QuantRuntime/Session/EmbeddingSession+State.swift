/// What an observing session had between two nodes: all values that later nodes read, kept so that it, or a session of
/// the same graph with other numbers, can go on from there.
package struct GraphState: Sendable {
  /// The first node that has not run.
  package let node: Int
  /// Of each value that is alive there (`Graph.alive(before:)`).
  let values: [[UInt8]]

  /// Bytes of all values.
  package var byteCount: Int { values.reduce(0) { $0 + $1.count } }
}

extension EmbeddingSession {
  /// The state in front of `node`, from an image.
  package func state(of pixels: [UInt8], before node: Int) -> GraphState { fatalError("interface") }

  /// The state in front of `node`, from one further up.
  package func state(from state: GraphState, before node: Int) -> GraphState { fatalError("interface") }

  /// Runs an image up to a node, whose values are handed to `observer`.
  package func observe(_ node: Int, of pixels: [UInt8], observer: (NodeValues) -> Void) { fatalError("interface") }

  /// Runs from a state further up to a node, whose values are handed to `observer`.
  package func observe(_ node: Int, from state: GraphState, observer: (NodeValues) -> Void) { fatalError("interface") }
}
