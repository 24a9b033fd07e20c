import CSystem

/// A list of steps, each cut into parts that may run in any order on any thread. A step begins when the one before is done.
class ParallelProgram {
  var stepCount: Int { fatalError("abstract") }
  func partCount(step: Int) -> Int { fatalError("abstract") }
  /// - Parameter worker: the thread that runs the part, 0…threads − 1.
  func run(step: Int, part: Int, worker: Int) { fatalError("abstract") }
}

/// Runs a program on the calling thread and `threads − 1` of its own, which sleep between runs.
///
/// Within a run, threads take parts from a shared counter (a slow core takes fewer) and meet at a barrier behind every
/// step; they spin there, because steps last microseconds.
final class WorkerPool {
  let threads: Int
  private let team: Team
  private var handles: [system_thread] = []

  /// - Throws: where the system refuses a thread.
  init(threads: Int, program: ParallelProgram) throws(FaceqError) {
    self.threads = threads
    team = Team(members: threads, program: program)
    for _ in 1..<max(threads, 1) {
      var handle = system_thread()
      let argument = Unmanaged.passRetained(team)
      guard system_thread_create(&handle, nil, workerMain, argument.toOpaque()) == 0 else {
        argument.release()
        stop()
        throw FaceqError("The system refuses to start \(threads) threads; ask for fewer with --threads.")
      }
      handles.append(handle)
    }
  }

  deinit { stop() }

  func run() { team.run() }

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
  /// The next part of each step.
  private let counters: UnsafeMutablePointer<Int32>
  private let mutex: UnsafeMutablePointer<system_mutex>
  private let wake: UnsafeMutablePointer<system_condition>
  private var runs = 0
  private var stopping = false
  private let arrived: UnsafeMutablePointer<Int32>
  private let generation: UnsafeMutablePointer<Int32>
  /// Threads that have begun to work, besides the caller of `run`.
  private let joined: UnsafeMutablePointer<Int32>

  init(members: Int, program: ParallelProgram) {
    self.members = members
    self.program = program
    counters = .allocate(capacity: max(program.stepCount, 1))
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: system_mutex())
    _ = system_mutex_init(mutex, nil)
    wake = .allocate(capacity: 1)
    wake.initialize(to: system_condition())
    _ = system_condition_init(wake, nil)
    // A cache line each: every waiting thread reads `generation` while others write `arrived`.
    let words = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 64).bindMemory(to: Int32.self, capacity: 32)
    words.initialize(repeating: 0, count: 32)
    arrived = words
    generation = words + 16
    joined = words + 1
  }

  deinit {
    _ = system_condition_destroy(wake)
    _ = system_mutex_destroy(mutex)
    counters.deallocate()
    mutex.deallocate()
    wake.deallocate()
    UnsafeMutableRawPointer(arrived).deallocate()
  }

  func run() {
    if members == 1 {
      for step in 0..<program.stepCount {
        for part in 0..<program.partCount(step: step) { program.run(step: step, part: part, worker: 0) }
      }
      return
    }
    counters.initialize(repeating: 0, count: program.stepCount)
    _ = system_mutex_lock(mutex)
    runs &+= 1
    _ = system_condition_broadcast(wake)
    _ = system_mutex_unlock(mutex)
    takePart(worker: 0)
  }

  func stop() {
    _ = system_mutex_lock(mutex)
    stopping = true
    _ = system_condition_broadcast(wake)
    _ = system_mutex_unlock(mutex)
  }

  func work() {
    let worker = Int(system_fetch_add_32(joined, 1)) + 1
    var seen = 0
    while true {
      _ = system_mutex_lock(mutex)
      while runs == seen && !stopping { _ = system_condition_wait(wake, mutex) }
      let stop = stopping
      seen = runs
      _ = system_mutex_unlock(mutex)
      if stop { return }
      takePart(worker: worker)
    }
  }

  private func takePart(worker: Int) {
    for step in 0..<program.stepCount {
      let parts = program.partCount(step: step)
      while true {
        let part = Int(system_fetch_add_32(counters + step, 1))
        if part >= parts { break }
        program.run(step: step, part: part, worker: worker)
      }
      meet()
    }
  }

  private func meet() {
    let current = system_load_acquire_32(generation)
    if system_fetch_add_32(arrived, 1) == Int32(members - 1) {
      system_store_release_32(arrived, 0)
      system_store_release_32(generation, current &+ 1)
      return
    }
    var spins = 0
    while system_load_acquire_32(generation) == current {
      spins &+= 1
      // With more threads than processors the one we wait for may need ours.
      if spins > 4096 { _ = sched_yield() } else { system_cpu_relax() }
    }
  }
}
