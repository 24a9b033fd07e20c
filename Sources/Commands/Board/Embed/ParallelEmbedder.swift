import FaceImages
import FaceqSupport
import QuantRuntime

/// Embeds the faces in many images: every thread reads, detects, aligns and embeds images of its own, so that all are
/// busy.
///
/// The embeddings do not depend on the number of threads.
package struct ParallelEmbedder {
  /// What came of one image, and what there is to tell about it.
  package struct Outcome: Sendable {
    var faces: [EmbeddedFace] = []
    /// Why the image cannot be used.
    package var fault: FaceqError?
    var notes: [String] = []
  }

  /// What a thread has for itself: sessions of one model share its weights.
  private struct Worker {
    let reader: FaceReader
    let session: EmbeddingSession
  }

  private let workers: [Worker]
  private let loop: ParallelLoop
  /// How many images one run should have: enough for threads that are done early not to matter.
  package let capacity: Int
  private let flip: Bool
  private let allFaces: Bool

  /// - Parameter images: how many there will be, where that is known; a single one gets all threads.
  package init(
    _ model: Model, images: Int?, flip: Bool, allFaces: Bool, _ options: FaceOptions, _ console: Console
  ) throws(FaceqError) {
    self.flip = flip
    self.allFaces = allFaces
    let plan = images == 1 ? ThreadPlan(1) : try options.run.threadPlan()
    capacity = 64 * plan.count
    loop = try ParallelLoop(plan)
    var each = options
    if plan.count > 1 {
      each.run = RunOptions(isa: options.run.isa, threads: 1, winograd: options.run.winograd)
    }
    var workers: [Worker] = []
    for _ in 0..<plan.count {
      let reader = try FaceReader(model, each, console)
      reader.keepsNotes = true
      workers.append(Worker(reader: reader, session: try each.run.session(model)))
    }
    self.workers = workers
  }

  /// Opens the detector before the first photo is read.
  package func openDetector() throws(FaceqError) -> DetectorIdentity { try workers[0].reader.openDetector() }

  /// - Parameters:
  ///   - stopsAtFault: leaves out the images after one that cannot be used.
  ///   - progress: called on the calling thread with the number of images of this run that are done.
  /// - Returns: an outcome for each path; nil where it was left out.
  package func run(_ paths: [FilePath], stopsAtFault: Bool, progress: (Int) -> Void) -> [Outcome?] {
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
      outcome.faces = try worker.reader.embeddings(path, by: worker.session, flip: flip, allFaces: allFaces)
    } catch {
      outcome.fault = error
    }
    outcome.notes = worker.reader.takeNotes()
    return outcome
  }
}
