import FaceqSupport

/// Results on their way to stdout: each at once, or all of them when the last one is there.
struct ResultText {
  private let console: Console
  private let isHeld: Bool
  private var held = ""

  /// - Parameter isHeld: whether nothing is written before `finish`, and memory grows with the results.
  init(_ console: Console, isHeld: Bool) {
    self.console = console
    self.isHeld = isHeld
  }

  mutating func write(_ text: String) throws(FaceqError) {
    if isHeld { held += text } else { try console.write(text) }
  }

  mutating func finish() throws(FaceqError) {
    if !held.isEmpty { try console.write(held) }
    held = ""
  }
}
