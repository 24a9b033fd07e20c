import CSystem

/// A list of steps, each cut into parts that may run in any order on any thread. A step begins when the one before is done.
class ParallelProgram {
  var stepCount: Int { fatalError("abstract") }
  /// The steps of the next run: all of them, unless a subclass says otherwise.
  var activeSteps: Range<Int> { 0..<stepCount }
  func partCount(step: Int) -> Int { fatalError("abstract") }
  /// - Parameter worker: the thread that runs the part, 0…threads − 1.
  func run(step: Int, part: Int, worker: Int) { fatalError("abstract") }
}

/// Runs a program on the calling thread and on threads of its own, which sleep between runs.
///
/// Within a run, threads take parts from a shared counter (a slow core takes fewer) and meet at a barrier behind every
/// step.
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
      throw FaceqError("The system refuses to start \(threads) threads; ask for fewer with --threads.")
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
  /// The next part of each step.
  private let counters: UnsafeMutablePointer<Int32>
  /// How many threads are done with the current step.
  private let arrived: UnsafeMutablePointer<Int32>
  private let runs = Gate()
  private let stepsDone = Gate()
  private var stopping = false
  /// Threads that have begun to work, the caller's excepted.
  private let joined: UnsafeMutablePointer<Int32>

  init(members: Int, program: ParallelProgram) {
    self.members = members
    self.program = program
    // With more threads than cores the one that is waited for may need this core.
    spinning = members <= processorCount() ? 100e-6 : 0
    counters = .allocate(capacity: max(program.stepCount, 1))
    arrived = .allocate(capacity: 1)
    arrived.initialize(to: 0)
    joined = .allocate(capacity: 1)
    joined.initialize(to: 0)
  }

  deinit {
    counters.deallocate()
    arrived.deallocate()
    joined.deallocate()
  }

  func run(_ times: UnsafeMutablePointer<Double>?) {
    if members == 1 {
      for step in program.activeSteps {
        for part in 0..<program.partCount(step: step) { program.run(step: step, part: part, worker: 0) }
        times?[step] = monotonicSeconds()
      }
      return
    }
    counters.initialize(repeating: 0, count: program.stepCount)
    runs.open()
    takeParts(worker: 0, times)
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
      takeParts(worker: worker, nil)
    }
  }

  private func takeParts(worker: Int, _ times: UnsafeMutablePointer<Double>?) {
    for step in program.activeSteps {
      let parts = program.partCount(step: step)
      while true {
        let part = Int(system_fetch_add_32(counters + step, 1))
        if part >= parts { break }
        program.run(step: step, part: part, worker: worker)
      }
      meet()
      times?[step] = monotonicSeconds()
    }
  }

  private func meet() {
    let current = stepsDone.count
    if system_fetch_add_32(arrived, 1) == Int32(members - 1) {
      system_store_release_32(arrived, 0)
      stepsDone.open()
    } else {
      stepsDone.wait(while: current, spinning: spinning)
    }
  }
}
