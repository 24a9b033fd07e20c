import FaceqSupport
import GraphReference
import QuantRuntime
import Testing

/// Runs a pass on a graph whose weights are small whole numbers, and checks that the outputs stay the same.
func expectPass(
  _ before: String, becomes after: String, tensors: [String: [Float]] = [:], tolerance: Double = 1e-4,
  _ pass: (Graph<FloatLayer>) throws -> Graph<FloatLayer>
) throws {
  let graph = try smallGraph(before, tensors)
  let changed = try pass(graph)
  try changed.check()
  #expect(changed.listing == after + "\n")
  let format = try graph.image
  let (height, width) = (format.height, format.width)
  let pixels = (0..<height * width * 3).map { UInt8($0 * 37 % 256) }
  let expected = try evaluate(graph, normalised(pixels, format, height: height, width: width))
  let found = try evaluate(changed, normalised(pixels, try changed.image, height: height, width: width))
  for (first, second) in zip(graph.outputs, changed.outputs) {
    #expect(expected[first].extent == found[second].extent)
    let largest = expected[first].values.reduce(1) { max($0, abs($1)) }
    #expect(
      zip(expected[first].values, found[second].values).allSatisfy { abs($0 - $1) <= tolerance * largest })
    #expect(expected[first].values.contains { $0 != 0 })
  }
}
