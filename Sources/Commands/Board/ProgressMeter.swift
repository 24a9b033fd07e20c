import FaceqSupport

/// Tells a user at a terminal how far a long run is: `12/300 images, 0:41 left`, or `12 images`.
package struct ProgressMeter {
  private let console: Console
  /// How many there will be, nil where nobody knows.
  private let total: Int?
  private let noun: String
  private let start: Double
  private var done = 0
  private var lastShown: Double

  package init(_ console: Console, total: Int?, noun: String = "image") {
    self.console = console
    self.total = total
    self.noun = noun
    start = monotonicSeconds()
    lastShown = start
  }

  /// Counts one more that is done.
  package mutating func advance() {
    done += 1
    let now = monotonicSeconds()
    if done == total {
      console.showProgress("")
    } else if now - lastShown >= 0.2 {
      lastShown = now
      guard let total else { return console.showProgress(counted(done, noun)) }
      let seconds = (now - start) / Double(done) * Double(total - done)
      console.showProgress("\(done)/\(counted(total, noun)), \(clockText(seconds: seconds)) left")
    }
  }

  /// Counts up to `count` that are done.
  package mutating func advance(to count: Int) {
    while done < count { advance() }
  }

  /// Takes the meter off the terminal.
  package func finish() { console.showProgress("") }
}

/// `0:41`, `12:07`, from an hour on `5:31:12`.
package func clockText(seconds: Double) -> String {
  let seconds = Int(seconds.rounded(.up))
  let (minutes, hours) = (seconds / 60 % 60, seconds / 3600)
  let start = hours > 0 ? "\(hours):\(minutes < 10 ? "0" : "")\(minutes)" : "\(minutes)"
  return "\(start):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
}
