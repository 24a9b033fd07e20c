import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Drift against the number of calibration images: shows whether a set is large enough.
///
/// Quantises with the extremes of the first eighth, quarter, half and all of the images and weights rounded to the
/// nearest, the fast method: it is the same for every number of images, and one pass over them is enough.
package struct CalibrationTrend<Faces: FaceSource> {
  private let model: Model
  private let graph: Graph<FloatLayer>
  private let faces: Faces
  private let used: [Int]
  private let heldBack: [Int]
  private let sizes: [Int]

  /// - Parameter seed: as for the calibration: the same faces are held back.
  package init(_ model: Model, faces: Faces, seed: UInt64) throws(FaceqError) {
    let graph = try calibratableGraph(model)
    let held = try heldBackImages(of: faces.count, seed: seed)
    self.model = model
    self.graph = graph
    self.faces = faces
    heldBack = Array(held.sorted().prefix(32))
    // Shuffled, because neighbours are often of one person.
    var generator = SplitMix64(state: seed &+ 1)
    used = (0..<faces.count).filter { !held.contains($0) }.shuffled(using: &generator)
    let count = used.count
    sizes = [count / 8, count / 4, count / 2, count].filter { $0 >= 4 }
  }

  /// Images that are run through a network in all, for a progress display.
  package var imageRuns: Int { used.count + heldBack.count * (sizes.count + 1) }

  /// - Parameter advance: called after each image run.
  /// - Returns: for each number of images, ascending, the drift on the held-back ones.
  package func run(
    kernels: KernelTable, threads: ThreadPlan, advance: () -> Void
  ) throws(FaceqError) -> [(images: Int, drift: DriftSummary)] {
    let plain = try floatSession(model, kernels: kernels, threads: threads)
    var wanted: [[Float]] = []
    for index in heldBack {
      wanted.append(try plain.embed(try faces.pixels(index)))
      advance()
    }
    let observing = try floatSession(model, kernels: kernels, threads: threads, observing: true)
    var statistics = try ActivationStatistics(graph)
    var points: [(images: Int, drift: DriftSummary)] = []
    for (position, index) in used.enumerated() {
      let pixels = try faces.pixels(index)
      _ = try observing.embed(pixels) { statistics.observeExtremes($0) }
      advance()
      guard sizes.contains(position + 1) else { continue }
      points.append((position + 1, try drift(with: statistics, wanted, kernels, threads, advance)))
    }
    return points
  }

  private func drift(
    with statistics: ActivationStatistics, _ wanted: [[Float]], _ kernels: KernelTable, _ threads: ThreadPlan,
    _ advance: () -> Void
  ) throws(FaceqError) -> DriftSummary {
    var statistics = statistics
    statistics.prepareHistograms()
    let recipe = CalibrationRecipe(range: MaximumRange(), rounding: NearestRounding())
    let quantised = try GraphQuantiser(graph, statistics, recipe).quantise()
    let session = try EmbeddingSession(
      Model(.int8(quantised), model.description), kernels: kernels, threads: threads)
    var cosines: [Float] = []
    for (index, embedding) in zip(heldBack, wanted) {
      cosines.append(cosine(embedding, try session.embed(try faces.pixels(index))))
      advance()
    }
    return DriftSummary(cosines: cosines)
  }
}
