import QuantRuntime

/// Where calibration gets aligned faces from: RGB [row][column][3] of the model's input size.
public protocol FaceSource {
  var count: Int { get }
  func pixels(_ index: Int) throws(FaceqError) -> [UInt8]
}

/// What a calibration is doing, for a progress display.
public enum CalibrationStage: String, Sendable {
  case extremes = "finding the activations' extremes"
  case histograms = "counting activations"
  case quantising = "quantising the weights"
  case drift = "measuring the drift on the held-back images"
}

/// Observes the float network on `faces` and quantises it.
///
/// - Parameters:
///   - held: indices of the faces that must not be used.
///   - progress: called with the stage, how many of its steps are done, and how many there are.
public func calibrate(
  _ model: Model, faces: some FaceSource, heldBack held: Set<Int>, recipe: CalibrationRecipe, session: EmbeddingSession,
  progress: (CalibrationStage, Int, Int) -> Void
) throws(FaceqError) -> QuantisedNetwork {
  guard case .float(let network) = model.network else {
    throw FaceqError("\(model.path) is an int8 model already; calibrate the float model that it was made from")
  }
  let used = (0..<faces.count).filter { !held.contains($0) }
  var statistics = ActivationStatistics()
  for (done, index) in used.enumerated() {
    progress(.extremes, done, used.count)
    let pixels = try faces.pixels(index)
    _ = session.embed(pixels) { statistics.observeExtremes($0) }
  }
  statistics.prepareHistograms()
  for (done, index) in used.enumerated() {
    progress(.histograms, done, used.count)
    let pixels = try faces.pixels(index)
    _ = session.embed(pixels) { statistics.observeHistogram($0) }
  }
  progress(.quantising, 0, 1)
  let quantised = try NetworkQuantiser(network, statistics, recipe).quantise()
  progress(.quantising, 1, 1)
  return quantised
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
