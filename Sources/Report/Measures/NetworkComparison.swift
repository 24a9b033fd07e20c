import QuantRuntime
import SIMDKernels

/// Follows a sample of faces through the float network, the one with rounded weights and the int8 one, layer by layer.
///
/// What separates the first two is the rounding of weights, what separates the last two the rounding and clipping of
/// activations. Small errors are nearly independent, so both add up to the whole; that is measured too.
public struct NetworkComparison: Sendable {
  public struct Noise: Sendable {
    /// Signal-to-noise ratio behind each block in dB.
    public var blocks: [Double]
    /// Mean of 1 − cosine between the embeddings.
    public var loss: Double
  }

  /// What rounding the weights of one part alone does to the embedding.
  public struct Part: Sendable {
    public var name: String
    /// Mean of 1 − cosine.
    public var loss: Double
  }

  public let images: Int
  /// Nil without the float model.
  public let weights: Noise?
  public let activations: Noise
  public let whole: Noise?
  /// Nil without the float model.
  public let parts: [Part]?
  /// Images that `parts` are from.
  public let partImages: Int
  public let layers: [LayerActivity]

  /// Runs through networks, for a progress display.
  public static func runs(images: Int, blocks: Int) -> Int { images + (blocks + 2) * min(images, partLimit) }

  /// Faces that are followed: enough for figures that hardly move any more.
  public static let sampleLimit = 16
  private static let partLimit = 6

  /// - Parameters:
  ///   - float: the float model; nil where there is none.
  ///   - faces: RGB [row][column][3] each.
  ///   - measuringParts: also what each block's weights do alone, which takes most of the time.
  ///   - advance: called after each of `runs`.
  public init(
    float: Model?, int8: Model, faces: [[UInt8]], kernels: KernelTable, threads: ThreadPlan,
    measuringParts: Bool = true,
    advance: () -> Void
  ) throws(FaceqError) {
    guard case .int8(let quantised) = int8.network else {
      throw FaceqError("\(int8.path) is not an int8 model; its layers cannot be looked into")
    }
    func open(_ model: Model, observing: Bool = true) throws(FaceqError) -> EmbeddingSession {
      try EmbeddingSession(model, kernels: kernels, threads: threads, observing: observing)
    }
    let dequantised = DequantisedNetwork(quantised)
    let rounded = Model(dequantised.network, int8.description)
    let sessions = (
      float: try float.map { model throws(FaceqError) in try open(model) }, rounded: try open(rounded),
      int8: try open(int8)
    )
    var counters = dequantised.zeros.mapValues(ActivityCounter.init)
    let blocks = quantised.blocks.count
    var noises = (weights: NoiseSum(blocks), activations: NoiseSum(blocks), whole: NoiseSum(blocks))
    var references: [[Float]] = []
    for pixels in faces {
      var kept: [Tap: [Float]] = [:]
      let reference = try sessions.float?.embed(pixels) { kept[$0.tap] = $0.values() }
      var roundedTrunks: [Tap: [Float]] = [:]
      let roundedEmbedding = try sessions.rounded.embed(pixels) { values in
        if case .trunk = values.tap { roundedTrunks[values.tap] = values.values() }
        counters[values.tap]?.add(values, reference: kept[values.tap])
      }
      var trunks: [Tap: [Float]] = [:]
      let embedding = try sessions.int8.embed(pixels) { values in
        if case .trunk = values.tap { trunks[values.tap] = values.values() }
      }
      noises.activations.add(roundedTrunks, trunks, roundedEmbedding, embedding)
      if let reference {
        noises.weights.add(kept, roundedTrunks, reference, roundedEmbedding)
        noises.whole.add(kept, trunks, reference, embedding)
        references.append(reference)
      }
      advance()
    }
    images = faces.count
    activations = noises.activations.noise
    (weights, whole) = float == nil ? (nil, nil) : (noises.weights.noise, noises.whole.noise)
    layers = dequantised.zeros.keys.sorted { $0.depth < $1.depth }.compactMap { tap in
      counters[tap]?.activity(name: tap.reader)
    }
    partImages = min(faces.count, Self.partLimit)
    guard measuringParts, let float, case .float(let network) = float.network else {
      parts = nil
      return
    }
    var measured: [Part] = []
    for (name, mixed) in dequantised.parts(in: network) {
      let session = try open(Model(mixed, float.description), observing: false)
      var loss = 0.0
      for index in 0..<partImages {
        loss += 1 - Double(cosine(references[index], try session.embed(faces[index])))
        advance()
      }
      measured.append(Part(name: name, loss: loss / Double(partImages)))
    }
    parts = measured
  }
}

private struct NoiseSum {
  private var blocks: BlockNoise
  private let count: Int
  private var loss = 0.0
  private var images = 0

  init(_ blocks: Int) {
    self.blocks = BlockNoise(blocks: blocks)
    count = blocks
  }

  mutating func add(_ reference: [Tap: [Float]], _ values: [Tap: [Float]], _ wanted: [Float], _ embedding: [Float]) {
    for block in 0..<count {
      if let signal = reference[.trunk(block)], let trunk = values[.trunk(block)], signal.count == trunk.count {
        blocks.add(block: block, reference: signal, values: trunk)
      }
    }
    loss += 1 - Double(cosine(wanted, embedding))
    images += 1
  }

  var noise: NetworkComparison.Noise { NetworkComparison.Noise(blocks: blocks.decibels, loss: loss / Double(images)) }
}

extension DequantisedNetwork {
  /// The float network with the rounded weights of one part at a time.
  fileprivate func parts(in float: Network) -> [(name: String, network: Network)] {
    func replacing(_ change: (inout Network) -> Void) -> Network {
      var mixed = float
      change(&mixed)
      return mixed
    }
    var parts: [(String, Network)] = []
    if hasRealStem { parts.append(("stem", replacing { $0.stem = network.stem })) }
    for index in network.blocks.indices {
      let joinsStem = index == 0 && !hasRealStem
      parts.append(
        (
          joinsStem ? "stem and block 0" : "block \(index)",
          replacing {
            $0.blocks[index] = network.blocks[index]
            if joinsStem { $0.stem = network.stem }
          }
        ))
    }
    parts.append(
      (
        network.tail.isEmpty ? "linear" : "tail and linear",
        replacing {
          $0.tail = network.tail
          $0.head = network.head
        }
      ))
    return parts
  }
}

extension Tap {
  /// Orders taps down the network.
  fileprivate var depth: Int {
    switch self {
    case .stemBody(let index): index
    case .stem: 100
    case .blockInput(let block): 1000 * (block + 1)
    case .body(let block, let convolution): 1000 * (block + 1) + 1 + convolution
    case .branch(let block): 1000 * (block + 1) + 900
    case .trunk(let block): 1000 * (block + 1) + 901
    case .tailInput: 10_000_000
    case .tail(let index): 10_000_001 + index
    case .headInput: 20_000_000
    }
  }
}
