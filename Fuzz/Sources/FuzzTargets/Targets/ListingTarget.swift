import FaceqSupport
import GraphReference
import QuantRuntime

let listingTargets = [
  FuzzTarget(
    "listing", "the listing of a graph, which is written and read again", seeds: listingTexts,
    run: { bytes in
      expectSentence { () throws(FaceqError) in
        let graph = try Graph<Never>(listing: String(decoding: bytes, as: UTF8.self))
        let again = try Graph<Never>(listing: graph.listing)
        precondition(again.listing == graph.listing, "a listing does not say what it was made from")
        _ = try graph.multiplyAccumulates()
        guard try Bounds.allow(graph) else { return }
        _ = try? graph.representations { _ in nil }
      }
    }),
  FuzzTarget(
    "network", "the listing of a graph, run in float and in integers against the reference", seeds: listingTexts,
    run: { bytes in
      let covered = CoveredGraph(name: "fuzzed", listing: String(decoding: bytes, as: UTF8.self))
      expectSentence { () throws(FaceqError) in
        guard try Bounds.allow(Graph<Never>(listing: covered.listing)) else { return }
        try compare(try covered.randomFloats(seed: 1))
        for precision in CoveredGraph.Precision.allCases {
          try compare(try covered.randomIntegers(precision, seed: 2))
        }
      }
    }),
]

/// Compares floats as far as the order of their sums allows: what lies in a wrong place is told, not what is rounded.
private func compare(_ graph: Graph<FloatLayer>) throws(FaceqError) {
  guard try Bounds.allow(graph) else { return }
  let image = try graph.image
  let pixels = somePixels(image)
  let session = try GraphSession(graph, kernels: fuzzKernels, threads: 1, limit: 1 << 26)
  let outputs = try session.run(pixels, height: image.height, width: image.width)
  let values = try evaluate(graph, normalised(pixels, image, height: image.height, width: image.width))
  // What is divided by a length near zero may be anything.
  guard !graph.nodes.contains(where: { $0.operation == .normalise }) else { return }
  for (output, value) in zip(outputs, graph.outputs) {
    let expected = values[value].values
    precondition(output.values.count == expected.count)
    let largest = expected.reduce(0) { max($0, abs($1)) }
    guard largest.isFinite, largest < 1e30 else { continue }
    for (value, wanted) in zip(output.values, expected) {
      precondition(abs(Double(value) - wanted) <= 0.02 * largest + 0.01, "the engine computes something else")
    }
  }
}

private func compare(_ graph: Graph<QuantisedLayer>) throws(FaceqError) {
  guard try Bounds.allow(graph) else { return }
  let image = try graph.image
  let pixels = somePixels(image)
  let session = try GraphSession(graph, kernels: fuzzKernels, threads: 1, limit: 1 << 26)
  let outputs = try session.run(pixels, height: image.height, width: image.width)
  let values = try evaluate(graph, pixels, height: image.height, width: image.width)
  for (output, value) in zip(outputs, graph.outputs) {
    guard let expected = values[value].floats else { preconditionFailure("outputs are floats") }
    let isEqual =
      output.values.count == expected.values.count
      && zip(output.values, expected.values).allSatisfy {
        $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
      }
    precondition(isEqual, "the engine computes something else than the reference")
  }
}

@Sendable func listingTexts() -> [String: [UInt8]] {
  var seeds: [String: [UInt8]] = [:]
  for (index, graph) in CoveredGraph.all.enumerated() { seeds["graph\(index)"] = Array(graph.listing.utf8) }
  return seeds
}

/// Listings with what decides about precision and patches in front of them.
@Sendable func listingSeeds() -> [String: [UInt8]] {
  var seeds: [String: [UInt8]] = [:]
  for (name, listing) in listingTexts() {
    for kind: UInt8 in 0..<5 {
      seeds["\(name)-\(kind)"] = [kind, 1, 0, UInt8(20 + kind), 7, 0x7f] + listing
    }
  }
  return seeds
}
