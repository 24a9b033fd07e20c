import FaceImages
import QuantRuntime

/// Embeds the faces in many images: every thread reads, detects, aligns and embeds images of its own, so that all are
/// busy.
///
/// The embeddings do not depend on the number of threads.
struct FaceBatch {
  struct Face: Sendable {
    enum Result: Sendable {
      case embedding([Float])
      /// Why it has none.
      case fault(String)
    }

    /// From 1 on, largest first, where all faces are wanted.
    var number: Int?
    var result: Result
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
  private let loop: ParallelLoop
  /// How many images one run should have: enough for threads that are done early not to matter.
  let capacity: Int
  private let flip: Bool
  private let allFaces: Bool

  /// - Parameter images: how many there will be, where that is known; a single one gets all threads.
  init(
    _ model: Model, images: Int?, flip: Bool, allFaces: Bool, mustBeAligned: Bool, _ detection: DetectionOptions,
    _ options: RunOptions, _ console: Console
  ) throws(FaceqError) {
    self.flip = flip
    self.allFaces = allFaces
    let plan = images == 1 ? ThreadPlan(1) : try options.threadPlan()
    capacity = 64 * plan.count
    loop = try ParallelLoop(plan)
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
  ///   - progress: called on the calling thread with the number of images of this run that are done.
  /// - Returns: an outcome for each path; nil where it was left out.
  func run(_ paths: [FilePath], stopsAtFault: Bool, progress: (Int) -> Void) -> [Outcome?] {
    let outcomes = UnsafeMutableBufferPointer<Outcome?>.allocate(capacity: paths.count)
    outcomes.initialize(repeating: nil)
    defer {
      outcomes.deinitialize()
      outcomes.deallocate()
    }
    let (done, faults) = (SharedCounter(), SharedCounter())
    loop.runOnWorkers(parts: paths.count) { index, worker in
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
          switch face.result {
          case .pixels(let pixels):
            outcome.faces.append(
              Face(number: face.number, result: .embedding(try worker.session.embed(pixels, flip: flip))))
          case .fault(let reason): outcome.faces.append(Face(number: face.number, result: .fault(reason)))
          }
        }
      } else {
        let pixels = try worker.loader.pixels(path)
        outcome.faces.append(Face(number: nil, result: .embedding(try worker.session.embed(pixels, flip: flip))))
      }
    } catch {
      outcome.fault = error
    }
    outcome.notes = worker.loader.takeNotes()
    return outcome
  }
}
