package import FaceBank
package import FaceqSupport

/// What a watch hands its frames and events to, and what it asks. All calls come from the thread that watches.
package protocol WatchObserver {
  /// Is told of an event at once.
  ///
  /// - Throws: what is to end the watch.
  mutating func tell(_ event: WatchEvent) throws(FaceqError)

  /// Is shown each frame that was looked at, behind its events.
  mutating func show(_ frame: WatchedFrame)

  /// Is told what a person who runs the program should know: frames that are broken, a source that has stalled.
  mutating func note(_ message: String)

  /// Is told each minute, and at the end, what was done since the last time.
  mutating func sum(_ summary: WatchSummary)

  /// Who is to be recognised from now on, where that has changed since the last call; nil where it has not.
  mutating func changedPeople() -> PersonSearch?

  /// Whether the watch is to end; asked several times a second, also while no frame comes.
  var isEnded: Bool { get }
}
