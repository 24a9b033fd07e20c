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
    guard case .float(let network) = model.network else {
      throw FaceqError("\(model.path) is an int8 model already; calibrate the float model that it was made from")
    }
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

  /// Images that are run through a network in all, for a progress display.
  public var imageRuns: Int { 2 * used.count + heldBack.count }

  /// - Parameter advance: called after each image run.
  /// - Returns: the int8 network, and the float model's description with the calibration's record.
  public func run(
    tool: String, imagesDigest: String, advance: () -> Void
  ) throws(FaceqError) -> (network: QuantisedNetwork, description: ModelDescription) {
    let quantised = try NetworkQuantiser(network, try observe(advance), recipe).quantise()
    var description = model.description
    let int8 = Model(.int8(quantised), description)
    let session = try EmbeddingSession(int8, kernels: kernels, threads: threads)
    description.calibration = ModelDescription.Calibration(
      tool: tool, recipe: recipe.name, images: used.count, imagesDigest: imagesDigest, floatDigest: model.digest,
      drift: try drift(of: session, advance),
      selfTest: session.embed(selfTestPattern(height: model.input.height, width: model.input.width)))
    return (quantised, description)
  }

  private func observe(_ advance: () -> Void) throws(FaceqError) -> ActivationStatistics {
    let session = try EmbeddingSession(model, kernels: kernels, threads: threads, observing: true)
    var statistics = ActivationStatistics()
    for index in used {
      let pixels = try faces.pixels(index)
      _ = session.embed(pixels) { statistics.observeExtremes($0) }
      advance()
    }
    statistics.prepareHistograms()
    for index in used {
      let pixels = try faces.pixels(index)
      _ = session.embed(pixels) { statistics.observeHistogram($0) }
      advance()
    }
    return statistics
  }

  private func drift(of session: EmbeddingSession, _ advance: () -> Void) throws(FaceqError) -> DriftSummary {
    let reference = try EmbeddingSession(model, kernels: kernels, threads: threads)
    var cosines: [Float] = []
    for index in heldBack {
      let pixels = try faces.pixels(index)
      cosines.append(cosine(reference.embed(pixels), session.embed(pixels)))
      advance()
    }
    return DriftSummary(cosines: cosines)
  }
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
