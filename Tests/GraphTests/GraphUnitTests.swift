import GraphReference
import QuantRuntime
import Testing

/// The parts that a graph can be put together from.
struct GraphUnitTests {
  private let listing = """
    %0 = image 8×8 rgb
    %1 = convolution %0 → 16, 3×3, padding 1  stem
    %2 = affine %1  a.input
    %3 = convolution %2 → 16, 3×3, padding 1  a.0
    %4 = convolution %3 → 16, 3×3, padding 1  a.1
    %5 = add %1, %4  a
    %6 = convolution %5 → 24, 1×1  b.shortcut
    %7 = convolution %5 → 24, 3×3, padding 1  b.0
    %8 = add %6, %7  b
    %9 = convolution %8 → 8, 1×1  c
    %10 = convolution %9 → 8, 1×1  d
    %11 = linear %10 → 8, 8×8  head
    %12 = normalise %11
    outputs %12
    """

  @Test func unitsMeetWhereOneSumIsAlive() throws {
    let graph = try Graph<Never>(listing: listing).insertingCopies()
    let units = try graph.units()
    #expect(units.map(\.name) == ["stem", "a", "b", "head"])
    #expect(units.map(\.layers) == [[], ["a.0", "a.1"], ["b.0"], ["c", "d", "head"]])
    #expect(units.first?.nodes.lowerBound == 0 && units.last?.nodes.upperBound == graph.nodes.count)
    #expect(zip(units, units.dropFirst()).allSatisfy { $0.nodes.upperBound == $1.nodes.lowerBound })
    #expect(try graph.precisionUnits().map(\.name) == ["a", "b", "head"])
  }

  @Test func unitsCanBeJoined() throws {
    let graph = try Graph<Never>(listing: listing).insertingCopies()
    let sum = try #require(graph.index(named: "a"))
    #expect(try graph.units { $0 != sum }.map(\.layers) == [[], ["a.0", "a.1", "b.0"], ["c", "d", "head"]])
  }

  /// Names that two units would share are those of their last layers.
  @Test func namesAreUnique() throws {
    let graph = try Graph<Never>(
      listing: """
        %0 = image 8×8 rgb
        %1 = convolution %0 → 16, 3×3, padding 1  net.stem
        %2 = convolution %1 → 16, 3×3, padding 1  net.a
        %3 = add %1, %2  net.sum
        %4 = convolution %3 → 8, 1×1  net.head.0
        %5 = convolution %4 → 8, 1×1  net.tail
        outputs %5
        """
    ).insertingCopies()
    #expect(try graph.units().map(\.name) == ["net.stem", "net.a", "net.tail"])
  }

  @Test func aGraphIsPutTogether() throws {
    let topology = try Graph<Never>(listing: listing)
    func filled(_ value: Float) throws -> Graph<FloatLayer> {
      try topology.floatLayers { _, tensor in [Float](repeating: value, count: tensor.count) }.insertingCopies()
    }
    let (ones, twos) = (try filled(1), try filled(2))
    let unit = try #require(try ones.units().first { $0.name == "b" })
    let mixed = ones.with([unit], from: twos)
    #expect(mixed.topology == ones.topology)
    for node in mixed.nodes {
      guard let weight = node.layer?.tensors[0][0] else { continue }
      #expect(weight == (["b.0", "b.shortcut"].contains(node.name) ? 2 : 1), "\(node.name)")
    }
  }
}
