import FaceqSupport
import QuantRuntime
import SIMDKernels

/// What a run may cost, so that there can be many.
enum Bounds {
  static let multiplyAccumulates = 300_000
  static let values = 60_000
  static let weights = 60_000

  static func allow<Layer>(_ graph: Graph<Layer>) throws(FaceqError) -> Bool {
    let shapes = try graph.shapes()
    var (values, weights) = (0, 0)
    for (node, shape) in zip(graph.nodes, shapes) {
      values += min(shape.count, Bounds.values + 1)
      guard let first = node.inputs.first else { continue }
      for tensor in node.operation.layerTensors(inputs: shapes[first].channels) {
        weights += min(tensor.count, Bounds.weights + 1)
      }
    }
    let work = try graph.multiplyAccumulates().reduce(0) { min($0 + min($1, multiplyAccumulates + 1), 1 << 40) }
    return values <= Bounds.values && weights <= Bounds.weights && work <= multiplyAccumulates
  }
}

let fuzzKernels: KernelTable = kernelTable(availableInstructionSets().last ?? .portable)

/// Runs a float graph on a picture of its own size, where that is little work.
func run(_ graph: Graph<FloatLayer>) throws(FaceqError) {
  guard try Bounds.allow(graph) else { return }
  let session = try GraphSession(graph, kernels: fuzzKernels, threads: 1, limit: 1 << 26)
  let image = try graph.image
  _ = try session.run(somePixels(image), height: image.height, width: image.width)
}

/// Runs a quantised graph on a picture of its own size, where that is little work.
func run(_ graph: Graph<QuantisedLayer>) throws(FaceqError) {
  guard try Bounds.allow(graph), graph.packedOrder == .fours else { return }
  let session = try GraphSession(graph, kernels: fuzzKernels, threads: 1, limit: 1 << 26)
  let image = try graph.image
  _ = try session.run(somePixels(image), height: image.height, width: image.width)
}

/// A picture in which every value occurs.
func somePixels(_ image: ImageFormat) -> [UInt8] {
  (0..<image.height * image.width * 3).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 251) }
}
