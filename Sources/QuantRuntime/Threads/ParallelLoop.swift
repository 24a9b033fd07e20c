import FaceqSupport

/// Runs the parts of a loop on all threads of a pool.
package final class ParallelLoop {
  private let steps: StepList
  private let pool: WorkerPool

  /// - Throws: where the system refuses a thread.
  package convenience init(_ threads: ThreadPlan) throws(FaceqError) {
    let steps = StepList(capacity: 1, keepsOrder: true)
    self.init(steps, try WorkerPool(threads, steps: steps))
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(_ steps: StepList, _ pool: WorkerPool) {
    self.steps = steps
    self.pool = pool
  }

  /// Calls `body` once for each of 0..<`parts`, in any order and on any thread; returns when all are done.
  package func run(parts: Int, _ body: (Int) -> Void) {
    runOnWorkers(parts: parts) { part, _ in body(part) }
  }

  /// Calls `body` once for each of 0..<`parts`, begun in this order, and tells it on which thread it is: 0…threads − 1,
  /// of which 0 is the calling one. Returns when all are done.
  package func runOnWorkers(parts: Int, _ body: (_ part: Int, _ worker: Int) -> Void) {
    withoutActuallyEscaping(body) { escaping in
      steps.append(Step(parts: parts, run: escaping))
      pool.run()
      steps.removeAll()
    }
  }
}
