/// One frame as it came from a source.
package struct Frame: Sendable {
  /// Counted from 1 over all frames that the source gave.
  package var number: Int
  /// When it was complete, on the clock of `monotonicSeconds`.
  package var arrival: Double
  /// When it was taken, in seconds since 1970 (UTC).
  package var time: Double
  package var picture: FramePicture

  package init(number: Int, arrival: Double, time: Double, picture: FramePicture) {
    self.number = number
    self.arrival = arrival
    self.time = time
    self.picture = picture
  }
}
