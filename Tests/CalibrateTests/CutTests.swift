import Calibrate
import QuantRuntime
import Testing

/// Where compensation keeps what a network has done so far.
struct CutTests {
  private func graph(_ listing: String) throws -> Graph<Never> { try Graph<Never>(listing: listing) }

  /// One kilobyte for each value that is alive.
  private func cuts(_ graph: Graph<Never>, images: Int = 1, limit: Int = Cuts.largestStates) -> Cuts {
    Cuts(graph, images: images, limit: limit) { graph.alive(before: $0).count << 10 }
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

  @Test func cutsAreWhereOneValueIsAlive() throws {
    let cuts = cuts(try graph(residual))
    #expect(cuts.nodes == [2, 5, 8])
    // What a.0, a.1, b.0, b.1 and the head read.
    #expect(cuts.starts(for: [1, 2, 4, 5, 7]) == [nil, 2, 2, 5, 5])
  }

  /// The first state is too large for three images.
  @Test func whatIsTooLargeIsNotKept() throws {
    let graph = try graph(residual)
    let cuts = Cuts(graph, images: 3, limit: 3 << 10) { $0 == 2 ? (1 << 10) + 1 : 1 << 10 }
    #expect(cuts.nodes == [5, 8])
    #expect(cuts.starts(for: [2, 5]) == [nil, 5])
    #expect(self.cuts(graph, images: 3, limit: 0).nodes == [])
    #expect(self.cuts(graph, images: 3, limit: 0).starts(for: [1, 7]) == [nil, nil])
  }

  /// The last layer reads what was written long before: nobody goes on from behind that.
  @Test func laterLayersHaveNoEarlierStart() throws {
    let cuts = cuts(
      try graph(
        """
        %0 = image 8×8 rgb
        %1 = convolution %0 → 16, 3×3, padding 1  stem
        %2 = convolution %1 → 16, 3×3, padding 1  value
        %3 = convolution %2 → 16, 3×3, padding 1  long.0
        %4 = convolution %3 → 16, 3×3, padding 1  long.1
        %5 = convolution %2 → 16, 1×1  short
        %6 = concatenate %4, %5
        %7 = linear %6 → 8, 8×8  head
        outputs %7
        """))
    #expect(cuts.nodes == [2, 3, 7])
    // What value, long.0, long.1, short and the head read.
    #expect(cuts.starts(for: [1, 2, 3, 2, 6]) == [nil, 2, 2, 2, 3])
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
    let cuts = cuts(graph)
    #expect(cuts.nodes.first == 2 && cuts.nodes.last == 43)
    #expect(zip(cuts.nodes, cuts.nodes.dropFirst()).allSatisfy { $1 - $0 <= 16 })
    #expect(cuts.nodes.dropFirst().dropLast().allSatisfy { graph.alive(before: $0).count == 2 })
    // No place fits where only one value does, but for the first and the last.
    #expect(self.cuts(graph, limit: 1 << 10).nodes == [2, 43])
  }
}
