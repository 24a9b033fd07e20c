import Calibrate
import QuantRuntime
import Testing

/// Where compensation keeps what a network has done so far.
struct CutTests {
  private func graph(_ listing: String) throws -> Graph<Never> {
    try Graph<Never>(listing: listing).insertingCopies()
  }

  /// One kilobyte for each value that is alive.
  private func cuts(_ graph: Graph<Never>, images: Int = 1, limit: Int = Cuts.largestStates) throws -> Cuts {
    try Cuts(graph, images: images, limit: limit) { graph.alive(before: $0).count << 10 }
  }

  private let residual = """
    %0 = image 8×8 rgb
    %1 = convolution %0 → 16, 3×3, padding 1  stem
    %2 = convolution %1 → 16, 3×3, padding 1  a.0
    %3 = convolution %2 → 16, 3×3, padding 1  a.1
    %4 = add %1, %3  a
    %5 = convolution %4 → 16, 3×3, padding 1  b.0
    %6 = convolution %5 → 16, 3×3, padding 1  b.1
    %7 = add %4, %6  b
    %8 = linear %7 → 8, 8×8  head
    outputs %8
    """

  /// For each of some layers what it is reached from.
  private func starts(_ cuts: Cuts, _ graph: Graph<Never>, _ layers: String...) throws -> [String?] {
    try layers.map { layer in
      cuts.start(of: try #require(graph.index(named: layer))).map { graph.label($0) }
    }
  }

  @Test func cutsAreWhereOneSumIsAlive() throws {
    let graph = try graph(residual)
    let cuts = try cuts(graph)
    #expect(cuts.nodes.map { graph.label($0) } == ["stem.bytes", "a.bytes", "b.bytes"])
    #expect(cuts.nodes.allSatisfy { graph.alive(before: $0).count == 1 })
    #expect(
      try starts(cuts, graph, "stem", "a.0", "a.1", "b.0", "b.1", "head")
        == [nil, "stem.bytes", "stem.bytes", "a.bytes", "a.bytes", "b.bytes"])
  }

  /// The first state is too large for three images.
  @Test func whatIsTooLargeIsNotKept() throws {
    let graph = try graph(residual)
    let large = try #require(graph.index(named: "stem.bytes"))
    let cuts = try Cuts(graph, images: 3, limit: 3 << 10) { $0 == large ? (1 << 10) + 1 : 1 << 10 }
    #expect(try starts(cuts, graph, "a.0", "a.1", "b.0") == [nil, nil, "a.bytes"])
    #expect(try self.cuts(graph, images: 3, limit: 0).nodes == [])
  }

  /// With a value that is alive all the time there are cuts with two values, some layers apart.
  @Test func longStretchesAreCutAllTheSame() throws {
    var listing = """
      %0 = image 8×8 rgb
      %1 = convolution %0 → 16, 3×3, padding 1  stem

      """
    for index in 2...41 { listing += "%\(index) = convolution %\(index - 1) → 16, 3×3, padding 1  layer.\(index)\n" }
    listing += "%42 = concatenate %1, %41\n%43 = linear %42 → 8, 8×8  head\noutputs %43"
    let graph = try graph(listing)
    let cuts = try cuts(graph)
    #expect(cuts.nodes.count >= 3 && cuts.nodes[0] <= 14)
    #expect(zip(cuts.nodes, cuts.nodes.dropFirst()).allSatisfy { $1 - $0 <= 14 })
    #expect(cuts.nodes.dropFirst().allSatisfy { graph.alive(before: $0).count == 2 })
    let narrow = try self.cuts(graph, limit: 1 << 10)
    #expect(narrow.nodes.allSatisfy { graph.alive(before: $0).count == 1 })
  }
}
