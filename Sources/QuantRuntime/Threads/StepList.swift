/// Work that is cut into parts, which may run in any order and on any thread.
struct Step {
  let parts: Int
  /// Computes one part. `worker` is the thread that does, 0…threads − 1.
  let run: (_ part: Int, _ worker: Int) -> Void
}

/// What a `WorkerPool` runs: a list of steps, each of which begins when the one before is done.
final class StepList {
  private let steps: UnsafeMutablePointer<Step>
  /// The most steps that there may be.
  let capacity: Int
  private(set) var count = 0
  /// Whether the parts of a step are begun in their order.
  let keepsOrder: Bool
  /// The steps that the next run covers; nil for all of them.
  var scope: Range<Int>?

  init(capacity: Int, keepsOrder: Bool = false) {
    self.capacity = capacity
    self.keepsOrder = keepsOrder
    steps = .allocate(capacity: capacity)
  }

  convenience init(_ steps: [Step]) {
    self.init(capacity: steps.count)
    for step in steps { append(step) }
  }

  deinit {
    removeAll()
    steps.deallocate()
  }

  /// The steps of the next run.
  var activeSteps: Range<Int> { scope ?? 0..<count }

  /// Allocates nothing.
  func append(_ step: Step) {
    precondition(count < capacity)
    (steps + count).initialize(to: step)
    count += 1
  }

  /// Allocates nothing.
  func removeAll() {
    steps.deinitialize(count: count)
    count = 0
  }

  /// The number of parts of a step.
  func parts(_ step: Int) -> Int { steps[step].parts }

  /// The closure that computes a step's parts. To be asked for once for each step and thread: each time retains what
  /// the closure holds, by an atomic operation on memory that the threads share.
  func work(_ step: Int) -> (_ part: Int, _ worker: Int) -> Void { steps[step].run }
}
