internal import CSystem
package import FaceqSupport

/// Carries frames from the thread that reads a source to the one that looks at them. It has room for one.
package final class FrameMailbox {
  /// What becomes of a frame while the one before was not taken.
  package enum Rule: Sendable {
    /// It takes the place of the one before, which is dropped.
    case newest
    /// It waits: no frame is dropped, and the source is read only as fast as frames are taken.
    case every
  }

  package enum Delivery: Sendable {
    case frame(Frame)
    /// None came for so long.
    case nothing
    /// There will be no more, because of an error where there is one.
    case end(FaceqError?)
  }

  private let monitor: UnsafeMutablePointer<system_monitor>
  private let rule: Rule
  private var frame: Frame?
  private var end: FaceqError??
  private var isClosed = false
  private var counts = FrameCounts()
  /// What is to be said, not more than a few.
  private var notes: [String] = []

  package init(_ rule: Rule) {
    self.rule = rule
    monitor = .allocate(capacity: 1)
    monitor.initialize(to: system_monitor())
  }

  deinit { monitor.deallocate() }

  /// Puts a frame into the box; it is given its number.
  ///
  /// - Returns: false where the box is closed.
  package func put(_ picture: FramePicture, arrival: Double, time: Double) -> Bool {
    locked {
      while rule == .every, frame != nil, !isClosed { wait(0.2) }
      guard !isClosed else { return false }
      counts.seen += 1
      if frame != nil { counts.dropped += 1 }
      frame = Frame(number: counts.seen, arrival: arrival, time: time, picture: picture)
      system_monitor_wake(monitor)
      return true
    }
  }

  /// Counts a frame that cannot be used.
  package func countBroken() { locked { counts.broken += 1 } }

  /// Counts a frame that was taken, but not looked at.
  package func countDropped() { locked { counts.dropped += 1 } }

  /// Leaves a sentence for the thread that takes frames.
  package func note(_ text: String) {
    locked { if notes.count < 8 { notes.append(text) } }
  }

  /// Says that no more frames will come.
  package func finish(_ error: FaceqError? = nil) {
    locked {
      end = .some(error)
      system_monitor_wake(monitor)
    }
  }

  /// Waits for a frame, for so many seconds at most. The end is told behind the last frame.
  package func take(within seconds: Double) -> Delivery {
    locked {
      if frame == nil, end == nil, notes.isEmpty { wait(seconds) }
      if let frame {
        self.frame = nil
        system_monitor_wake(monitor)
        return .frame(frame)
      }
      if let end { return .end(end) }
      return .nothing
    }
  }

  /// Ends the reading: nobody takes frames any more.
  package func close() {
    locked {
      isClosed = true
      frame = nil
      system_monitor_wake(monitor)
    }
  }

  /// Whether nobody takes frames any more; waits until then, for so many seconds at most.
  package func isClosed(within seconds: Double = 0) -> Bool {
    let deadline = monotonicSeconds() + seconds
    return locked {
      while !isClosed {
        let rest = deadline - monotonicSeconds()
        guard rest > 0 else { break }
        wait(rest)
      }
      return isClosed
    }
  }

  package var frameCounts: FrameCounts { locked { counts } }

  package func takeNotes() -> [String] {
    locked {
      defer { notes = [] }
      return notes
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    system_monitor_lock(monitor)
    defer { system_monitor_unlock(monitor) }
    return body()
  }

  /// Waits to be woken, unlocked in between. May return early.
  private func wait(_ seconds: Double) {
    let deadline = monotonicSeconds() + seconds
    let whole = Int64(deadline)
    system_monitor_wait(monitor, whole, Int64((deadline - Double(whole)) * 1e9))
  }
}

/// How many frames a source gave.
package struct FrameCounts: Sendable, Equatable {
  /// Whole ones.
  package var seen = 0
  /// Of these, the ones that nobody looked at because newer ones came.
  package var dropped = 0
  /// Others, which could not be used.
  package var broken = 0

  package init() {}
}
