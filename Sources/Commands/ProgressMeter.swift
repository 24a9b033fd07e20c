import QuantRuntime

/// Tells a user at a terminal how far a long run is: `12/300 images, 0:41 left`, or `12 images`.
public struct ProgressMeter {
  private let console: Console
  /// Nil where nobody knows.
  private let total: Int?
  private let noun: String
  private let start: Double
  private var done = 0
  private var lastShown: Double

  public init(_ console: Console, total: Int?, noun: String = "image") {
    self.console = console
    self.total = total
    self.noun = noun
    start = monotonicSeconds()
    lastShown = start
  }

  /// One more is done.
  public mutating func advance() {
    done += 1
    let now = monotonicSeconds()
    if done == total {
      console.showProgress("")
    } else if now - lastShown >= 0.2 {
      lastShown = now
      guard let total else { return console.showProgress(counted(done, noun)) }
      let seconds = Int(((now - start) / Double(done) * Double(total - done)).rounded(.up))
      console.showProgress("\(done)/\(counted(total, noun)), \(clock(seconds)) left")
    }
  }

  /// So many are done.
  mutating func advance(to count: Int) {
    while done < count { advance() }
  }

  /// There will be no more.
  func finish() { console.showProgress("") }

  private func clock(_ seconds: Int) -> String {
    "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
  }
}
