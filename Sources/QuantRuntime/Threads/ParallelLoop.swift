/// Runs the parts of a loop on all threads of a pool.
package final class ParallelLoop {
  private let program = LoopProgram()
  private let pool: WorkerPool

  /// - Throws: where the system refuses a thread.
  package init(_ threads: ThreadPlan) throws(FaceqError) {
    pool = try WorkerPool(threads, program: program)
  }

  /// Calls `body` once for each of 0..<`parts`, in any order and on any thread; returns when all are done.
  package func run(parts: Int, _ body: (Int) -> Void) {
    runOnWorkers(parts: parts) { part, _ in body(part) }
  }

  /// Calls `body` once for each of 0..<`parts`, begun in this order, and tells it on which thread it is: 0…threads − 1,
  /// of which 0 is the calling one. Returns when all are done.
  package func runOnWorkers(parts: Int, _ body: (_ part: Int, _ worker: Int) -> Void) {
    withoutActuallyEscaping(body) { escaping in
      program.parts = parts
      program.body = escaping
      pool.run()
      program.body = nil
    }
  }
}

private final class LoopProgram: ParallelProgram {
  var parts = 0
  var body: ((Int, Int) -> Void)?

  override var stepCount: Int { 1 }
  override var keepsOrder: Bool { true }
  override func partCount(step: Int) -> Int { parts }
  override func run(step: Int, part: Int, worker: Int) { body?(part, worker) }
}
