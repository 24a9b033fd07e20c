import ArgumentParser
import Commands
import FaceqSupport

/// How a source is watched.
struct WatchArguments: ParsableArguments {
  @Option(help: "How many views of a face decide who it is, 1 to 5: 3 unless given. A stranger takes 5.")
  var minViews: Int?

  @Option(help: "Seconds for which somebody has to be away before a visit is another one: 30 unless given.")
  var cooldown: Float?

  @Option(
    help: """
      How many frames a second to look at, at most. Of a recording: how many frames a second it has, 25 unless given.
      """)
  var fps: Float?

  @Option(
    help: """
      Search one of so many frames as a whole, and in the others only around faces that are followed: 3 unless given.
      """)
  var detectEvery: Int?

  @Option(help: "Columns and rows to ask a camera for: 1280x720 unless given.")
  var size: String?

  @Flag(help: "Drop no frame, and read the source only as fast as that goes: for recordings.")
  var everyFrame = false

  @Flag(help: "Open a camera or a stream again where it ends, fails or stalls.")
  var reconnect = false

  func options(_ source: FilePath, threshold: Float?) -> WatchOptions {
    WatchOptions(
      source: source, threshold: threshold, leastViews: minViews, cooldown: cooldown, framesPerSecond: fps,
      detectEvery: detectEvery, size: size, everyFrame: everyFrame, reconnects: reconnect)
  }
}
