import CSystem

/// A list of steps, each cut into parts that may run in any order on any thread. A step begins when the one before is
/// done.
class ParallelProgram {
  var stepCount: Int { fatalError("abstract") }
  /// Whether a step's parts are begun in their order.
  var keepsOrder: Bool { false }
  /// The steps of the next run: all of them, unless a subclass says otherwise.
  var activeSteps: Range<Int> { 0..<stepCount }
  func partCount(step: Int) -> Int { fatalError("abstract") }
  /// - Parameter worker: the thread that runs the part, 0…threads − 1.
  func run(step: Int, part: Int, worker: Int) { fatalError("abstract") }
}

/// Runs a program on the calling thread and on threads of its own, which sleep between runs.
///
/// Within a run, each thread has an equal share of every step's parts, in their order, so that it finds in its cache
/// what it wrote one step before. Who is done takes from the others' shares (a slow core keeps fewer). Threads meet at
/// a barrier behind every step; the last to come also runs what follows and is in one piece.
final class WorkerPool {
  private let callersCore: Int?
  private let team: Team
  private var handles: [system_thread] = []

  /// - Throws: where the system refuses a thread, or a core.
  init(_ plan: ThreadPlan, program: ParallelProgram) throws(FaceqError) {
    callersCore = plan.cores?.first
    team = Team(members: plan.count, program: program)
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
  private let program: ParallelProgram
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

  init(members: Int, program: ParallelProgram) {
    self.members = members
    self.program = program
    // With more threads than cores the one that is waited for may need this core.
    spinning = members <= processorCount() ? 100e-6 : 0
    shares = program.keepsOrder ? 1 : members
    // Shares lie in cache lines of their own.
    takenStride = (max(program.stepCount, 1) + 15) / 16 * 16
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
      for step in program.activeSteps {
        for part in 0..<program.partCount(step: step) { program.run(step: step, part: part, worker: 0) }
        times?[step] = monotonicSeconds()
      }
      return
    }
    let first = partedStep(from: program.activeSteps.lowerBound)
    run(program.activeSteps.lowerBound..<first, worker: 0)
    if first == program.activeSteps.upperBound { return }
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
    let end = program.activeSteps.upperBound
    var step = partedStep(from: program.activeSteps.lowerBound)
    while step < end {
      let parts = program.partCount(step: step)
      for offset in 0..<shares { takeParts(of: (worker + offset) % shares, step: step, parts: parts, worker: worker) }
      // Asked for now: behind the last barrier the program may be another.
      let next = partedStep(from: step + 1)
      meet(behind: step, next: next, worker: worker)
      step = next
    }
  }

  private func takeParts(of share: Int, step: Int, parts: Int, worker: Int) {
    let (first, end) = (share * parts / shares, (share + 1) * parts / shares)
    let counter = taken + (share * takenStride + step)
    while true {
      let part = first + Int(system_fetch_add_32(counter, 1))
      if part >= end { return }
      program.run(step: step, part: part, worker: worker)
    }
  }

  private func meet(behind step: Int, next: Int, worker: Int) {
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
    while step < program.activeSteps.upperBound && program.partCount(step: step) == 1 { step += 1 }
    return step
  }

  /// Runs steps that are in one piece.
  private func run(_ steps: Range<Int>, worker: Int) {
    for step in steps {
      program.run(step: step, part: 0, worker: worker)
      times?[step] = monotonicSeconds()
    }
  }
}
