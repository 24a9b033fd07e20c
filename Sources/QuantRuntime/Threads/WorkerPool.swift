import CSystem
import FaceqSupport

/// Runs a list of steps on the calling thread and on threads of its own, which sleep between runs.
///
/// Within a run, each thread has an equal share of every step's parts, in their order, so that it finds in its cache
/// what it wrote one step before. A thread that is done takes parts from the shares of the others, so a slow core
/// computes fewer. The threads meet at a barrier after every step; the last one to arrive also runs the following steps
/// that have one part only.
final class WorkerPool {
  private let callersCore: Int?
  private let team: Team
  private var handles: [system_thread] = []

  /// - Throws: where the system refuses a thread, or a core.
  init(_ plan: ThreadPlan, steps: StepList) throws(FaceqError) {
    callersCore = plan.cores?.first
    team = Team(members: plan.count, steps: steps)
    do {
      for member in 1..<plan.count {
        let handle = try start(of: plan.count)
        handles.append(handle)
        if let cores = plan.cores { try pin(handle, to: cores[member]) }
      }
    } catch {
      stop()
      throw error
    }
  }

  deinit { stop() }

  /// - Parameter times: where the seconds at the end of each step go.
  func run(times: UnsafeMutablePointer<Double>? = nil) {
    if let callersCore { pinned(to: callersCore) { team.run(times) } } else { team.run(times) }
  }

  /// Calls `body`, which runs the steps once, with where the seconds at the end of each go.
  ///
  /// - Parameter seconds: becomes how long each step took; has as many elements.
  static func measure(into seconds: inout [Double], _ body: (UnsafeMutablePointer<Double>?) -> Void) {
    let start = monotonicSeconds()
    seconds.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    for index in stride(from: seconds.count - 1, to: 0, by: -1) { seconds[index] -= seconds[index - 1] }
    if !seconds.isEmpty { seconds[0] -= start }
  }

  private func start(of threads: Int) throws(FaceqError) -> system_thread {
    var handle = system_thread()
    let argument = Unmanaged.passRetained(team)
    guard system_thread_create(&handle, nil, workerMain, argument.toOpaque()) == 0 else {
      argument.release()
      throw FaceqError("the system refuses to start \(threads) threads; ask for fewer")
    }
    return handle
  }

  private func stop() {
    team.stop()
    for handle in handles { _ = system_thread_join(handle, nil) }
    handles.removeAll()
  }
}

private func workerMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  Unmanaged<Team>.fromOpaque(argument).takeRetainedValue().work()
  return nil
}

/// What the threads of a pool share.
private final class Team {
  private let members: Int
  private let steps: StepList
  /// How long a thread spins before it sleeps: waking one takes tens of microseconds, as long as a short step.
  private let spinning: Double
  /// How many shares a step's parts are cut into.
  private let shares: Int
  /// How many parts of each share are taken, [share][step].
  private let taken: UnsafeMutablePointer<Int32>
  private let takenStride: Int
  /// How many threads are done with the current step.
  private let arrived: UnsafeMutablePointer<Int32>
  private let runs = Gate()
  private let stepsDone = Gate()
  private var stopping = false
  /// Where the seconds at the end of each step go, where they are wanted.
  private var times: UnsafeMutablePointer<Double>?
  /// Threads that have begun to work, the caller's excepted.
  private let joined: UnsafeMutablePointer<Int32>

  init(members: Int, steps: StepList) {
    self.members = members
    self.steps = steps
    // With more threads than cores the one that is waited for may need this core.
    spinning = members <= processorCount() ? 100e-6 : 0
    shares = steps.keepsOrder ? 1 : members
    // Shares lie in cache lines of their own.
    takenStride = (max(steps.capacity, 1) + 15) / 16 * 16
    taken = UnsafeMutableRawPointer.allocate(byteCount: shares * takenStride * 4, alignment: 64)
      .initializeMemory(as: Int32.self, repeating: 0, count: shares * takenStride)
    arrived = .allocate(capacity: 1)
    arrived.initialize(to: 0)
    joined = .allocate(capacity: 1)
    joined.initialize(to: 0)
  }

  deinit {
    UnsafeMutableRawPointer(taken).deallocate()
    arrived.deallocate()
    joined.deallocate()
  }

  func run(_ times: UnsafeMutablePointer<Double>?) {
    self.times = times
    if members == 1 {
      run(steps.activeSteps, worker: 0)
      return
    }
    let first = partedStep(from: steps.activeSteps.lowerBound)
    run(steps.activeSteps.lowerBound..<first, worker: 0)
    if first == steps.activeSteps.upperBound { return }
    taken.update(repeating: 0, count: shares * takenStride)
    runs.open()
    takeParts(worker: 0)
  }

  func stop() {
    stopping = true
    runs.open()
  }

  /// What each thread but the caller's does until the pool stops.
  func work() {
    let worker = Int(system_fetch_add_32(joined, 1)) + 1
    var seen: Int32 = 0
    while true {
      runs.wait(while: seen, spinning: spinning)
      if stopping { return }
      seen &+= 1
      takeParts(worker: worker)
    }
  }

  private func takeParts(worker: Int) {
    let end = steps.activeSteps.upperBound
    var step = partedStep(from: steps.activeSteps.lowerBound)
    while step < end {
      takeParts(of: step, worker: worker)
      // Asked for now: after the last barrier the caller may already be changing the list.
      let next = partedStep(from: step + 1)
      meet(after: step, next: next, worker: worker)
      step = next
    }
  }

  /// Runs parts of a step until all are taken, those of this thread's own share first.
  ///
  /// Not inlined: what the closure holds must be released before the barrier, after which the caller may count on being
  /// its only owner.
  @inline(never)
  private func takeParts(of step: Int, worker: Int) {
    let (parts, work) = (steps.parts(step), steps.work(step))
    for offset in 0..<shares {
      let share = (worker + offset) % shares
      let (first, end) = (share * parts / shares, (share + 1) * parts / shares)
      let counter = taken + (share * takenStride + step)
      while true {
        let part = first + Int(system_fetch_add_32(counter, 1))
        if part >= end { break }
        work(part, worker)
      }
    }
  }

  private func meet(after step: Int, next: Int, worker: Int) {
    let current = stepsDone.count
    if system_fetch_add_32(arrived, 1) == Int32(members - 1) {
      system_store_release_32(arrived, 0)
      times?[step] = monotonicSeconds()
      run(step + 1..<next, worker: worker)
      stepsDone.open()
    } else {
      stepsDone.wait(while: current, spinning: spinning)
    }
  }

  /// The first step, from one on, that has several parts.
  private func partedStep(from first: Int) -> Int {
    var step = first
    while step < steps.activeSteps.upperBound && steps.parts(step) == 1 { step += 1 }
    return step
  }

  /// Runs all parts of some steps on the calling thread.
  private func run(_ range: Range<Int>, worker: Int) {
    for step in range {
      let work = steps.work(step)
      for part in 0..<steps.parts(step) { work(part, worker) }
      times?[step] = monotonicSeconds()
    }
  }
}
