import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Observes a float model on faces, quantises it, and measures what that cost on faces that were held back.
package struct Calibration<Faces: FaceSource> {
  private let model: Model
  private let graph: Graph<FloatLayer>
  private let layers: [String]
  /// The layers that read bytes.
  private let layersOfBytes: Set<String>
  private let faces: Faces
  private let units: [GraphUnit]
  private let used: [Int]
  private let heldBack: [Int]
  /// The recipe that is followed: where layers read one value and the given recipe wants one of them at int16, all are.
  package let recipe: CalibrationRecipe
  /// The limit of the bytes that compensation keeps of all images, so that it need not run them from the start for every
  /// layer. The result does not depend on it.
  package var stateLimit = Cuts.largestStates
  private let kernels: KernelTable
  private let threads: ThreadPlan

  /// - Parameter seed: chooses the faces that are held back.
  /// - Throws: where the model is not a float one or there are too few faces.
  package init(
    _ model: Model, faces: Faces, seed: UInt64, recipe: CalibrationRecipe, kernels: KernelTable, threads: ThreadPlan
  ) throws(FaceqError) {
    let graph = try calibratableGraph(model)
    let held = try heldBackImages(of: faces.count, seed: seed)
    self.model = model
    self.graph = graph
    layers = graph.layersOfChoice.map { graph.nodes[$0].name }
    let forms = try graph.representations(recipe).forms
    let readingBytes = graph.layersOfChoice.filter { forms[graph.nodes[$0].inputs[0]] == .bytes }
    layersOfBytes = Set(readingBytes.map { graph.nodes[$0].name })
    units = try graph.precisionUnits()
    self.faces = faces
    self.recipe = recipe.agreeing(layers, except: layersOfBytes)
    self.kernels = kernels
    self.threads = threads
    used = (0..<faces.count).filter { !held.contains($0) }
    heldBack = held.sorted()
  }

  /// Images that are run through a network in all, for a progress display; a layer's refinement counts as some.
  package var imageRuns: Int {
    2 * used.count + heldBack.count + refinedLayers * runsPerLayer
  }

  /// The number that `imageRuns` is where a budget of cosine decides on precisions.
  package var imageRunsToBudget: Int {
    imageRuns + sampleImages.count * (units.count + 2)
  }

  /// How many layers are rounded again, after the network's plain rounding.
  private var refinedLayers: Int { layers.count { isRefined($0) } }

  private func isRefined(_ layer: String) -> Bool {
    layersOfBytes.contains(layer) && recipe[layer].rounding is any LayerwiseRounding
  }

  /// What such a layer is worth in image runs: it has about as much work as the whole network on an eighth of the
  /// images.
  private var runsPerLayer: Int { 1 + min(GraphRefinement.images, used.count) / 8 }

  /// - Parameters:
  ///   - workFile: where the refinement keeps what is done, to go on from there when it is run again with the same
  ///     model, images and recipe; nil: nowhere. It is for the caller to remove when the model is written.
  ///   - advance: called after each image run.
  /// - Returns: the int8 network, and the float model's description with the calibration's record.
  package func run(
    tool: String, imagesDigest: String, workFile: FilePath? = nil, advance: () -> Void
  ) throws(FaceqError) -> (graph: Graph<QuantisedLayer>, description: ModelDescription) {
    let file = refinementFile(workFile, tool: tool, imagesDigest: imagesDigest)
    let quantised = try quantise(try observe(advance), file, advance)
    let session = try session(quantised)
    let drift = try drift(of: session, advance)
    return (quantised, try describe(session, recipe, drift, tool: tool, imagesDigest: imagesDigest))
  }

  /// The int8 network alone, which need not be one for embeddings. Calls `advance` as often as `run` does but for the
  /// images that are held back.
  package func quantise(
    tool: String, imagesDigest: String, workFile: FilePath? = nil, advance: () -> Void
  ) throws(FaceqError) -> Graph<QuantisedLayer> {
    try quantise(try observe(advance), refinementFile(workFile, tool: tool, imagesDigest: imagesDigest), advance)
  }

  /// The images that calibration does not see.
  package var heldBackIndices: [Int] { heldBack }

  /// How many images it sees.
  package var usedCount: Int { used.count }

  /// Does what `run` does, with as much of the network at int16, and no more, as the mean cosine of the held-back images needs.
  ///
  /// - Returns: also the recipe of the network, and what was weighed.
  /// - Throws: also where int16 everywhere does not reach `minimumCosine`.
  package func run(
    tool: String, imagesDigest: String, minimumCosine: Float, workFile: FilePath? = nil, advance: () -> Void
  ) throws(FaceqError) -> (
    graph: Graph<QuantisedLayer>, description: ModelDescription, recipe: CalibrationRecipe, report: PrecisionReport
  ) {
    let statistics = try observe(advance)
    let file = refinementFile(workFile, tool: tool, imagesDigest: imagesDigest)
    let plain = try quantise(statistics, file, advance)
    let precise = try GraphQuantiser(graph, statistics, recipe.raised(units.map { ($0, "") })).quantise()
    let search = PrecisionSearch(
      units: units, plain: plain, precise: precise, description: model.description,
      sample: try reference(sampleImages, advance), heldBack: try reference(heldBack, advance), kernels: kernels,
      threads: threads)
    let (mixed, report) = try search.search(minimumCosine: minimumCosine, advance: advance)
    let chosen = recipe.raised(report.units.filter(\.isInt16).map { ($0.unit, $0.reason) })
    return (
      mixed,
      try describe(try session(mixed), chosen, report.chosen, tool: tool, imagesDigest: imagesDigest), chosen, report
    )
  }

  /// On which a budget's search measures what each unit loses.
  private var sampleImages: ArraySlice<Int> { used.prefix(PrecisionSearch.sampleSize) }

  private func session(_ graph: Graph<QuantisedLayer>) throws(FaceqError) -> EmbeddingSession {
    try EmbeddingSession(Model(.int8(graph), model.description), kernels: kernels, threads: threads)
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
      drift: drift, selfTest: try session.selfTest())
    return description
  }

  /// What decides the result besides the images and the tool. Float kernels differ in their last bits between
  /// instruction sets.
  private var key: String {
    let choices = layers.map { name in
      "\(name): \(recipe[name].precision), \(rangeText(recipe[name].range)), \(recipe[name].rounding)"
    }
    return "\(model.digest), \(used), \(kernels.instructionSet), \(choices.joined(separator: "; "))"
  }

  private func refinementFile(_ path: FilePath?, tool: String, imagesDigest: String) -> RefinementFile? {
    path.map { RefinementFile(path: $0, key: "\(tool), \(imagesDigest), \(key)") }
  }

  /// Rounds plainly, and then again where the recipe's rounding is one that goes layer by layer.
  private func quantise(
    _ statistics: ActivationStatistics, _ file: RefinementFile?, _ advance: () -> Void
  ) throws(FaceqError) -> Graph<QuantisedLayer> {
    let quantiser = try GraphQuantiser(graph, statistics, recipe)
    let quantised = quantiser.quantise()
    guard refinedLayers > 0 else { return quantised }
    return try refine(quantised, quantiser.layers.filter { isRefined($0.name) }, file, advance)
  }

  private func refine(
    _ graph: Graph<QuantisedLayer>, _ layers: [LayerScales], _ file: RefinementFile?, _ advance: () -> Void
  ) throws(FaceqError) -> Graph<QuantisedLayer> {
    let refinement = try GraphRefinement(
      model, graph, layers: layers, images: try sample(GraphRefinement.images), stateLimit: stateLimit,
      kernels: kernels, threads: threads)
    try refinement.run(file) { for _ in 0..<runsPerLayer { advance() } }
    return refinement.graph
  }

  /// Reads at most `count` of the images, evenly chosen.
  private func sample(_ count: Int) throws(FaceqError) -> [[UInt8]] {
    let count = min(count, used.count)
    var sample: [[UInt8]] = []
    for index in 0..<count { sample.append(try faces.pixels(used[index * used.count / count])) }
    return sample
  }

  private func observe(_ advance: () -> Void) throws(FaceqError) -> ActivationStatistics {
    let session = try floatSession(model, kernels: kernels, threads: threads, observing: true)
    var statistics = try ActivationStatistics(graph)
    for index in used {
      session.observe(try faces.pixels(index)) { statistics.observeExtremes($0) }
      advance()
    }
    if let value = statistics.first(above: largestNumber) {
      throw FaceqError(
        "\(model.path) computes numbers at \(graph.label(value)) that are far too large, or none, on these pictures, which no "
          + "trained network does; import another checkpoint of it")
    }
    statistics.prepareHistograms()
    for index in used {
      session.observe(try faces.pixels(index)) { statistics.observeHistogram($0) }
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

/// The largest magnitude of weights and values: sums of products of two such numbers, and their squares, are still floats.
private let largestNumber: Float = 1e15

/// The graph of a float model.
///
/// - Throws: where the model is not a float one, or its numbers are such that nothing can be computed with them.
package func calibratableGraph(_ model: Model) throws(FaceqError) -> Graph<FloatLayer> {
  guard case .float(let graph) = model.network else {
    throw FaceqError("\(model.path) is an int8 model already; calibrate the float model that it was made from")
  }
  for (index, node) in graph.nodes.enumerated() {
    guard node.layer?.tensors.allSatisfy({ $0.allSatisfy { abs($0) <= largestNumber } }) ?? true else {
      throw FaceqError(
        "\(model.path) has weights in \(graph.label(index)) that are far too large, which no trained network has; import "
          + "another checkpoint of it")
    }
  }
  return graph
}

/// A tenth of `count` images, at least 8, chosen by `seed`: they show the drift on faces that calibration has not seen.
///
/// - Throws: where fewer than 16 images would leave none to calibrate with.
package func heldBackImages(of count: Int, seed: UInt64) throws(FaceqError) -> Set<Int> {
  guard count >= 16 else {
    throw FaceqError("calibration needs at least 16 usable images (8 of them to measure the drift on) and got \(count)")
  }
  var generator = SplitMix64(state: seed)
  var order = Array(0..<count)
  order.shuffle(using: &generator)
  return Set(order.prefix(max(8, count / 10)))
}
