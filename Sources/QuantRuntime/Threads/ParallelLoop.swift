import FaceqSupport

/// Runs the parts of a loop on all threads of a pool.
package final class ParallelLoop {
  private let steps = StepList(capacity: 1, keepsOrder: true)
  private let pool: WorkerPool

  /// - Throws: where the system refuses a thread.
  package init(_ threads: ThreadPlan) throws(FaceqError) {
    pool = try WorkerPool(threads, steps: steps)
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
