/// What an observing session had between two nodes: all values that later nodes read, kept so that it, or a session of
/// the same graph with other numbers, can go on from there.
package struct GraphState: Sendable {
  /// The first node that has not run.
  package let node: Int
  /// The bytes of each value that is alive there, with their borders.
  fileprivate let values: [[UInt8]]

  /// Bytes of all values.
  package var byteCount: Int { values.reduce(0) { $0 + $1.count } }
}

extension EmbeddingSession {
  /// The state before `node`, from an image.
  package func state(of pixels: [UInt8], before node: Int) -> GraphState {
    run(pixels, mirrored: false, scope: 0..<program.firstSteps[node])
    return state(before: node)
  }

  /// The bytes of a state before `node`.
  package func stateByteCount(before node: Int) -> Int {
    program.layout.alive(before: node).reduce(0) { $0 + program.layout.planes[$1].byteCount }
  }

  /// The state before `node`, from one further up.
  package func state(from state: GraphState, before node: Int) -> GraphState {
    resume(state, end: program.firstSteps[node])
    return self.state(before: node)
  }

  /// Runs an image, handing the values of every node to `observer`.
  package func observe(_ pixels: [UInt8], observer: (NodeValues) -> Void) {
    withoutActuallyEscaping(observer) { escaping in
      program.observer.body = escaping
      defer { program.observer.body = nil }
      run(pixels, mirrored: false)
    }
  }

  /// Runs an image up to a node, whose values are handed to `observer`.
  package func observe(_ node: Int, of pixels: [UInt8], observer: (NodeValues) -> Void) {
    observe(node, observer) { run(pixels, mirrored: false, scope: 0..<program.firstSteps[node + 1]) }
  }

  /// Hands the values of a node to `observer`: those that a state holds, where the node has run before it, or else what the
  /// node writes when the network goes on from the state.
  package func observe(_ node: Int, from state: GraphState, observer: (NodeValues) -> Void) {
    let end = program.firstSteps[node + 1]
    // The last step of every node hands out its values.
    observe(node, observer) { resume(state, start: node < state.node ? end - 1 : nil, end: end) }
  }

  private func observe(_ node: Int, _ observer: (NodeValues) -> Void, run: () -> Void) {
    withoutActuallyEscaping(observer) { escaping in
      program.observer.body = { if $0.node == node { escaping($0) } }
      defer { program.observer.body = nil }
      run()
    }
  }

  /// - Parameter start: the first step to run; nil: the state's node's.
  private func resume(_ state: GraphState, start: Int? = nil, end: Int) {
    let start = start ?? program.firstSteps[state.node]
    let alive = program.layout.alive(before: state.node)
    precondition(alive.count == state.values.count && start <= end, "the state is of this graph")
    for (value, bytes) in zip(alive, state.values) {
      let plane = program.layout.planes[value]
      precondition(bytes.count == plane.byteCount)
      bytes.withUnsafeBytes { if let base = $0.baseAddress { plane.base.copyMemory(from: base, byteCount: $0.count) } }
    }
    steps.scope = start..<end
    pool.run()
    steps.scope = nil
  }

  private func state(before node: Int) -> GraphState {
    GraphState(
      node: node,
      values: program.layout.alive(before: node).map { value in
        let plane = program.layout.planes[value]
        return [UInt8](UnsafeRawBufferPointer(start: plane.base, count: plane.byteCount))
      })
  }
}
