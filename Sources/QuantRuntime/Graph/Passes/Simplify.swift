import FaceqSupport

extension Graph<FloatLayer> {
  /// The graph as the engines want it, from how an importer found it: every pass, as often as one of them finds
  /// something.
  ///
  /// - Throws: where something is left that no engine computes, naming it.
  package func simplified() throws(FaceqError) -> Graph {
    var graph = removingUnread()
    // Each round folds one operation at least into another, so this ends; it seldom takes more than three.
    for _ in 0..<max(nodes.count, 1) {
      let before = graph
      graph = try graph.removingCopies().replacingTransposedConvolutions().foldingAffines().foldingActivations()
        .foldingAffinesForward().recognisingGates().foldingIntoAdditions()
      if graph == before { break }
    }
    return graph.orderingAdditions()
  }
}
