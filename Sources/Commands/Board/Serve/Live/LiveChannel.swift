/// What a watch shows without an end.
enum LiveChannel: Int, Sendable {
  case events = 1
  case frames = 2

  var type: String {
    switch self {
    case .events: "text/event-stream"
    case .frames: "multipart/x-mixed-replace; boundary=frame"
    }
  }
}
