internal import FaceqSupport

/// Requests that wait for a worker, first come, first served.
final class WorkQueue: @unchecked Sendable {
  struct Job: Sendable {
    var exchange: Int
    /// When it is too late to begin, on the clock of `monotonicSeconds`.
    var deadline: Double
    var work: HTTPWork
  }

  private let lock = Lock()
  private let limit: Int
  private var jobs: [Job] = []
  /// The first job that waits; those before it were taken.
  private var first = 0
  private var isClosed = false

  init(limit: Int) { self.limit = limit }

  var count: Int { lock.with { jobs.count - first } }

  /// - Returns: false where too many wait already.
  func add(_ job: Job) -> Bool {
    lock.with {
      guard jobs.count - first < limit else { return false }
      jobs.append(job)
      lock.wakeOne()
      return true
    }
  }

  /// Waits for a job; nil after `close`, once none waits.
  func next() -> Job? {
    lock.with {
      while first == jobs.count {
        if isClosed { return nil }
        lock.wait()
      }
      return takeFirst()
    }
  }

  /// Takes away the jobs whose deadline has passed.
  func takeExpired(at now: Double) -> [Job] {
    lock.with {
      var expired: [Job] = []
      while first < jobs.count, jobs[first].deadline < now { expired.append(takeFirst()) }
      return expired
    }
  }

  func close() {
    lock.with {
      isClosed = true
      lock.wakeAll()
    }
  }

  private func takeFirst() -> Job {
    let job = jobs[first]
    first += 1
    if first == jobs.count || first > limit {
      jobs.removeFirst(first)
      first = 0
    }
    return job
  }
}
