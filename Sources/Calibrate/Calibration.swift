import QuantRuntime
import SIMDKernels

/// Observes a float model on faces, quantises it, and measures what that cost on faces that were held back.
public struct Calibration<Faces: FaceSource> {
  private let model: Model
  private let network: Network
  private let faces: Faces
  private let used: [Int]
  private let heldBack: [Int]
  private let recipe: CalibrationRecipe
  private let kernels: KernelTable
  private let threads: ThreadPlan

  /// - Parameter seed: chooses the faces that are held back.
  /// - Throws: where the model is not a float one or there are too few faces.
  public init(
    _ model: Model, faces: Faces, seed: UInt64, recipe: CalibrationRecipe, kernels: KernelTable, threads: ThreadPlan
  ) throws(FaceqError) {
    let network = try calibratableNetwork(model)
    let held = try heldBackImages(of: faces.count, seed: seed)
    self.model = model
    self.network = network
    self.faces = faces
    self.recipe = recipe
    self.kernels = kernels
    self.threads = threads
    used = (0..<faces.count).filter { !held.contains($0) }
    heldBack = held.sorted()
  }

  /// Images that are run through a network in all, for a progress display; a layer's refinement counts as some.
  public var imageRuns: Int {
    2 * used.count + heldBack.count + refinedLayers * runsPerLayer
  }

  /// As `imageRuns`, of a calibration to a budget.
  public var imageRunsToBudget: Int {
    imageRuns + sampleImages.count * (network.precisionUnits.count + 2)
  }

  /// How many layers are rounded again, behind the network's plain rounding.
  private var refinedLayers: Int { network.quantisedLayerNames.count { isRefined($0) } }

  private func isRefined(_ layer: String) -> Bool {
    recipe[layer].precision == .int8 && recipe[layer].rounding is any LayerwiseRounding
  }

  /// What such a layer is worth in image runs: it has about as much work as the whole network on an eighth of the
  /// images.
  private var runsPerLayer: Int { 1 + min(NetworkRefinement.images, used.count) / 8 }

  /// - Parameters:
  ///   - workFile: where the refinement keeps what is done, to go on from there when it is run again with the same
  ///     model, images and recipe; nil: nowhere. It is for the caller to remove when the model is written.
  ///   - advance: called after each image run.
  /// - Returns: the int8 network, and the float model's description with the calibration's record.
  public func run(
    tool: String, imagesDigest: String, workFile: FilePath? = nil, advance: () -> Void
  ) throws(FaceqError) -> (network: QuantisedNetwork, description: ModelDescription) {
    let file = refinementFile(workFile, tool: tool, imagesDigest: imagesDigest)
    let quantised = try quantise(try observe(advance), file, advance)
    let session = try session(quantised)
    let drift = try drift(of: session, advance)
    return (quantised, try describe(session, recipe, drift, tool: tool, imagesDigest: imagesDigest))
  }

  /// As `run`, with as much of the network at int16, and no more, as the mean cosine of the held-back images needs.
  ///
  /// - Returns: also the recipe of the network, and what was weighed.
  /// - Throws: also where int16 everywhere does not reach `minimumCosine`.
  public func run(
    tool: String, imagesDigest: String, minimumCosine: Float, workFile: FilePath? = nil, advance: () -> Void
  ) throws(FaceqError) -> (
    network: QuantisedNetwork, description: ModelDescription, recipe: CalibrationRecipe, report: PrecisionReport
  ) {
    let statistics = try observe(advance)
    let file = refinementFile(workFile, tool: tool, imagesDigest: imagesDigest)
    let plain = try quantise(statistics, file, advance)
    let units = network.precisionUnits
    let precise = try NetworkQuantiser(network, statistics, recipe.raised(units.map { ($0, "") }, of: network))
      .quantise()
    let search = PrecisionSearch(
      network: network, plain: plain, precise: precise, description: model.description,
      sample: try reference(sampleImages, advance), heldBack: try reference(heldBack, advance), kernels: kernels,
      threads: threads)
    let (mixed, report) = try search.search(minimumCosine: minimumCosine, advance: advance)
    let chosen = recipe.raised(report.units.filter(\.isInt16).map { ($0.unit, $0.reason) }, of: network)
    return (
      mixed,
      try describe(try session(mixed), chosen, report.chosen, tool: tool, imagesDigest: imagesDigest), chosen, report
    )
  }

  /// On which a budget's search measures what each unit loses.
  private var sampleImages: ArraySlice<Int> { used.prefix(PrecisionSearch.sampleSize) }

  private func session(_ network: QuantisedNetwork) throws(FaceqError) -> EmbeddingSession {
    try EmbeddingSession(Model(.int8(network), model.description), kernels: kernels, threads: threads)
  }

  /// The float network's embeddings.
  private func reference(
    _ images: some Sequence<Int>, _ advance: () -> Void
  ) throws(FaceqError) -> PrecisionSearch.Sample {
    let session = try floatSession(model, kernels: kernels, threads: threads)
    var sample = PrecisionSearch.Sample()
    for index in images {
      let pixels = try faces.pixels(index)
      sample.pixels.append(pixels)
      sample.embeddings.append(try session.embed(pixels))
      advance()
    }
    return sample
  }

  private func describe(
    _ session: EmbeddingSession, _ recipe: CalibrationRecipe, _ drift: DriftSummary, tool: String, imagesDigest: String
  ) throws(FaceqError) -> ModelDescription {
    var description = model.description
    description.calibration = ModelDescription.Calibration(
      tool: tool, recipe: recipe.name, images: used.count, imagesDigest: imagesDigest, floatDigest: model.digest,
      drift: drift, selfTest: try session.embed(selfTestPattern(height: model.input.height, width: model.input.width)))
    return description
  }

  /// What decides the result besides the images and the tool. Float kernels differ in their last bits between
  /// instruction sets.
  private var key: String {
    let layers = network.quantisedLayerNames.map { name in
      "\(name): \(recipe[name].precision), \(rangeText(recipe[name].range)), \(recipe[name].rounding)"
    }
    return "\(model.digest), \(used), \(kernels.instructionSet), \(layers.joined(separator: "; "))"
  }

  private func refinementFile(_ path: FilePath?, tool: String, imagesDigest: String) -> RefinementFile? {
    path.map { RefinementFile(path: $0, key: "\(tool), \(imagesDigest), \(key)") }
  }

  /// Rounds plainly, and then again where the recipe's rounding is one that goes layer by layer.
  private func quantise(
    _ statistics: ActivationStatistics, _ file: RefinementFile?, _ advance: () -> Void
  ) throws(FaceqError) -> QuantisedNetwork {
    let quantiser = NetworkQuantiser(network, statistics, recipe)
    let quantised = try quantiser.quantise()
    guard refinedLayers > 0 else { return quantised }
    return try refine(quantised, quantiser.layers().filter { isRefined($0.name) }, file, advance)
  }

  private func refine(
    _ network: QuantisedNetwork, _ layers: [LayerScales], _ file: RefinementFile?,
    _ advance: () -> Void
  ) throws(FaceqError) -> QuantisedNetwork {
    let refinement = try NetworkRefinement(
      model, network, layers: layers, images: try sample(NetworkRefinement.images), kernels: kernels, threads: threads)
    try refinement.run(file) { for _ in 0..<runsPerLayer { advance() } }
    return refinement.network
  }

  /// At most `count` of the images, evenly chosen.
  private func sample(_ count: Int) throws(FaceqError) -> [[UInt8]] {
    let count = min(count, used.count)
    var sample: [[UInt8]] = []
    for index in 0..<count { sample.append(try faces.pixels(used[index * used.count / count])) }
    return sample
  }

  private func observe(_ advance: () -> Void) throws(FaceqError) -> ActivationStatistics {
    let session = try floatSession(model, kernels: kernels, threads: threads, observing: true)
    var statistics = ActivationStatistics()
    for index in used {
      let pixels = try faces.pixels(index)
      _ = try session.embed(pixels) { statistics.observeExtremes($0) }
      advance()
    }
    statistics.prepareHistograms()
    for index in used {
      let pixels = try faces.pixels(index)
      _ = try session.embed(pixels) { statistics.observeHistogram($0) }
      advance()
    }
    return statistics
  }

  private func drift(of session: EmbeddingSession, _ advance: () -> Void) throws(FaceqError) -> DriftSummary {
    let reference = try floatSession(model, kernels: kernels, threads: threads)
    var cosines: [Float] = []
    for index in heldBack {
      let pixels = try faces.pixels(index)
      cosines.append(cosine(try reference.embed(pixels), try session.embed(pixels)))
      advance()
    }
    return DriftSummary(cosines: cosines)
  }
}

/// The network of a float model.
///
/// - Throws: where the model is not a float one.
public func calibratableNetwork(_ model: Model) throws(FaceqError) -> Network {
  guard case .float(let network) = model.network else {
    throw FaceqError("\(model.path) is an int8 model already; calibrate the float model that it was made from")
  }
  return network
}

/// A tenth of `count` images, at least 8, chosen by `seed`: they show the drift on faces that calibration has not seen.
///
/// - Throws: where fewer than 16 images would leave none to calibrate with.
public func heldBackImages(of count: Int, seed: UInt64) throws(FaceqError) -> Set<Int> {
  guard count >= 16 else {
    throw FaceqError("calibration needs at least 16 usable images (8 of them to measure the drift on) and got \(count)")
  }
  var generator = SplitMix64(state: seed)
  var order = Array(0..<count)
  order.shuffle(using: &generator)
  return Set(order.prefix(max(8, count / 10)))
}
