import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Follows a sample of faces through the float network, the one with rounded weights and the int8 one, node by node.
///
/// What separates the first two is the rounding of weights, what separates the last two the rounding and clipping of
/// activations. Small errors are nearly independent, so both add up to the whole; that is measured too.
package struct NetworkComparison: Sendable {
  package struct Noise: Sendable {
    /// The signal-to-noise ratio after each of `additions` in dB.
    package var additions: [Double]
    /// The mean of 1 − cosine between the embeddings.
    package var loss: Double
  }

  /// What rounding the weights of one part alone does to the embedding.
  package struct Part: Sendable {
    package var name: String
    /// The mean of 1 − cosine.
    package var loss: Double
  }

  /// The number of images that were followed.
  package let images: Int
  /// The names of the nodes that add, in the order of the graph: in a residual network the ends of its blocks.
  package let additions: [String]
  /// What rounding weights adds; nil without the float model.
  package let weights: Noise?
  /// What rounding and clipping activations adds.
  package let activations: Noise
  /// What the int8 network lacks of the float one; nil without the float model.
  package let whole: Noise?
  /// What each part's weights do alone; nil without the float model.
  package let parts: [Part]?
  /// The number of images that `parts` are from.
  package let partImages: Int
  package let layers: [LayerActivity]

  /// Runs of images through networks, for a progress display.
  ///
  /// - Throws: where the model is not an int8 one.
  package static func runs(
    images: Int, of model: Model, measuringParts: Bool = true
  ) throws(FaceqError) -> Int {
    guard measuringParts else { return images }
    return try images + DequantisedGraph.units(of: model.quantisedGraph).count * min(images, partLimit)
  }

  /// Faces that are followed: enough for figures that hardly move any more.
  package static let sampleLimit = 16
  private static let partLimit = 6

  /// - Parameters:
  ///   - float: the float model; nil where there is none.
  ///   - faces: RGB [row][column][3] each.
  ///   - measuringParts: also what each part's weights do alone, which takes most of the time.
  ///   - advance: called after each of `runs`.
  /// - Throws: where the models are not a float one and an int8 one of the same network, or a session is refused.
  package init(
    float: Model?, int8: Model, faces: [[UInt8]], kernels: KernelTable, threads: ThreadPlan,
    measuringParts: Bool = true, advance: () -> Void
  ) throws(FaceqError) {
    let quantised = try int8.quantisedGraph
    // One of them may have been imported for another order of channels.
    if let float, float.topology.nodes.dropFirst() != int8.topology.nodes.dropFirst() {
      throw FaceqError(
        "\(int8.path) is another network than \(float.path); compare a model with the float model that it was made "
          + "from")
    }
    func open(_ model: Model, observing: Bool = true) throws(FaceqError) -> EmbeddingSession {
      try EmbeddingSession(model, kernels: kernels, threads: threads, observing: observing)
    }
    let dequantised = try DequantisedGraph(quantised)
    let sessions = (
      float: try float.map { model throws(FaceqError) in try open(model) },
      rounded: try open(Model(.float(dequantised.graph), int8.description)), int8: try open(int8)
    )
    var counters: [Int: ActivityCounter] = [:]
    for tensor in dequantised.tensors { counters[tensor.value] = ActivityCounter(tensor) }
    let sums = quantised.additions
    var noises = (weights: NoiseSum(sums), activations: NoiseSum(sums), whole: NoiseSum(sums))
    let kept = Set(sums).union(counters.keys)
    var references: [[Float]] = []
    for pixels in faces {
      var expected: [Int: [Float]] = [:]
      let reference = try sessions.float?.embed(pixels) { values in
        if kept.contains(values.node) { expected[values.node] = values.values() }
      }
      var rounded: [Int: [Float]] = [:]
      let roundedEmbedding = try sessions.rounded.embed(pixels) { values in
        if noises.whole.follows(values.node) { rounded[values.node] = values.values() }
        counters[values.node]?.add(values, reference: expected[values.node])
      }
      var found: [Int: [Float]] = [:]
      let embedding = try sessions.int8.embed(pixels) { values in
        if noises.whole.follows(values.node) { found[values.node] = values.values() }
      }
      noises.activations.add(rounded, found, roundedEmbedding, embedding)
      if let reference {
        noises.weights.add(expected, rounded, reference, roundedEmbedding)
        noises.whole.add(expected, found, reference, embedding)
        references.append(reference)
      }
      advance()
    }
    images = faces.count
    additions = sums.map { quantised.label($0) }
    activations = noises.activations.noise
    (weights, whole) = float == nil ? (nil, nil) : (noises.weights.noise, noises.whole.noise)
    layers = dequantised.tensors.compactMap { counters[$0.value]?.activity }
    partImages = min(faces.count, Self.partLimit)
    guard measuringParts, let float, case .float(let graph) = float.network else {
      parts = nil
      return
    }
    var measured: [Part] = []
    for unit in dequantised.units {
      let mixed = graph.with([unit], from: dequantised.graph)
      let session = try open(Model(.float(mixed), float.description), observing: false)
      var loss = 0.0
      for index in 0..<partImages {
        loss += 1 - Double(cosine(references[index], try session.embed(faces[index])))
        advance()
      }
      measured.append(Part(name: unit.name, loss: loss / Double(partImages)))
    }
    parts = measured
  }
}

extension Model {
  /// - Throws: where the model is not an int8 one.
  fileprivate var quantisedGraph: Graph<QuantisedLayer> {
    get throws(FaceqError) {
      guard case .int8(let graph) = network else {
        throw FaceqError("\(path) is not an int8 model; its layers cannot be looked into")
      }
      return graph
    }
  }
}

/// Adds up what one network's sums and embeddings lack of another's.
private struct NoiseSum {
  private let sums: [Int]
  private var ratios: BlockNoise
  private var loss = 0.0
  private var images = 0

  init(_ sums: [Int]) {
    self.sums = sums
    ratios = BlockNoise(blocks: sums.count)
  }

  func follows(_ node: Int) -> Bool { sums.contains(node) }

  /// - Parameters:
  ///   - reference: what each node writes in the network that is right.
  ///   - values: what each node writes in the other one.
  mutating func add(
    _ reference: [Int: [Float]], _ values: [Int: [Float]], _ wanted: [Float], _ embedding: [Float]
  ) {
    for (index, sum) in sums.enumerated() {
      if let signal = reference[sum], let found = values[sum] {
        ratios.add(block: index, reference: signal, values: found)
      }
    }
    loss += 1 - Double(cosine(wanted, embedding))
    images += 1
  }

  var noise: NetworkComparison.Noise {
    NetworkComparison.Noise(additions: ratios.decibels, loss: loss / Double(images))
  }
}
