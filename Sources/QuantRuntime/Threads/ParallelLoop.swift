import CSystem

/// Calls `body` once for every index below `count`, on the threads of `plan`, which take indices in order.
///
/// `body` runs on several threads at a time: what it writes to must belong to its index or its worker, 0…threads − 1. Worker 0
/// is the calling thread.
///
/// - Throws: where the system refuses a thread.
public func inParallel(
  _ plan: ThreadPlan, count: Int, _ body: (_ index: Int, _ worker: Int) -> Void
) throws(FaceqError) {
  try withoutActuallyEscaping(body) { (body) throws(FaceqError) -> Void in
    try WorkerPool(plan, program: ParallelLoop(count: count, body: body)).run()
  }
}

/// A program of one step.
private final class ParallelLoop: ParallelProgram {
  private let count: Int
  private let body: (Int, Int) -> Void

  init(count: Int, body: @escaping (Int, Int) -> Void) {
    self.count = count
    self.body = body
  }

  override var stepCount: Int { 1 }
  override func partCount(step: Int) -> Int { count }
  override func run(step: Int, part: Int, worker: Int) { body(part, worker) }
}

/// A number that several threads add to.
public final class SharedCounter {
  private let address: UnsafeMutablePointer<Int32>

  public init() {
    address = .allocate(capacity: 1)
    address.initialize(to: 0)
  }

  deinit { address.deallocate() }

  public var value: Int { Int(system_load_acquire_32(address)) }
  public func increment() { _ = system_fetch_add_32(address, 1) }
}
