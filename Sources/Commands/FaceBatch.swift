import FaceImages
import QuantRuntime

/// Embeds the faces in many images: every thread reads, detects, aligns and embeds images of its own, so that all are
/// busy.
///
/// The embeddings do not depend on the number of threads.
struct FaceBatch {
  struct Face: Sendable {
    /// From 1 on, largest first, where all faces are wanted.
    var number: Int?
    var embedding: [Float]
  }

  /// What came of one image, and what there is to tell about it.
  struct Outcome: Sendable {
    var faces: [Face] = []
    var fault: FaceqError?
    var notes: [String] = []
  }

  /// A thread's own: sessions of one model share its weights.
  private struct Worker {
    let loader: FaceLoader
    let session: EmbeddingSession
  }

  private let workers: [Worker]
  private let plan: ThreadPlan
  private let flip: Bool
  private let allFaces: Bool

  /// - Parameter images: how many there will be; a single one gets all threads.
  init(
    _ model: Model, images: Int, flip: Bool, allFaces: Bool, mustBeAligned: Bool, _ detection: DetectionOptions,
    _ options: RunOptions, _ console: Console
  ) throws(FaceqError) {
    self.flip = flip
    self.allFaces = allFaces
    let all = try options.threadPlan()
    plan = images > 1 ? all : ThreadPlan(1)
    let each = plan.count > 1 ? RunOptions(isa: options.isa, threads: 1, winograd: options.winograd) : options
    var workers: [Worker] = []
    for _ in 0..<plan.count {
      let loader = try FaceLoader(input: model.input, mustBeAligned: mustBeAligned, detection, each, console)
      loader.keepsNotes = true
      workers.append(Worker(loader: loader, session: try each.session(model)))
    }
    self.workers = workers
  }

  /// - Parameters:
  ///   - stopsAtFault: leaves out the images behind one that cannot be used.
  ///   - progress: called on the calling thread with the number of images that are done.
  /// - Returns: an outcome for each path; nil where it was left out.
  func run(
    _ paths: [FilePath], stopsAtFault: Bool, progress: (Int) -> Void
  ) throws(FaceqError) -> [Outcome?] {
    let outcomes = UnsafeMutableBufferPointer<Outcome?>.allocate(capacity: paths.count)
    outcomes.initialize(repeating: nil)
    defer {
      outcomes.deinitialize()
      outcomes.deallocate()
    }
    let (done, faults) = (SharedCounter(), SharedCounter())
    try ParallelLoop(plan).runOnWorkers(parts: paths.count) { index, worker in
      guard !stopsAtFault || faults.value == 0 else { return }
      let outcome = embed(paths[index], workers[worker])
      if outcome.fault != nil { faults.increment() }
      outcomes[index] = outcome
      done.increment()
      if worker == 0 { progress(done.value) }
    }
    return Array(outcomes)
  }

  private func embed(_ path: FilePath, _ worker: Worker) -> Outcome {
    var outcome = Outcome()
    do {
      if allFaces {
        for face in try worker.loader.allFaces(path) {
          outcome.faces.append(
            Face(number: face.number, embedding: worker.session.embed(face.pixels, flip: flip)))
        }
      } else {
        let pixels = try worker.loader.pixels(path)
        outcome.faces.append(Face(number: nil, embedding: worker.session.embed(pixels, flip: flip)))
      }
    } catch {
      outcome.fault = error
    }
    outcome.notes = worker.loader.takeNotes()
    return outcome
  }
}
