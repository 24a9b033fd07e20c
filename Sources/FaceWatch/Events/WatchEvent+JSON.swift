internal import FaceBank
internal import FaceImages
package import FaceqSupport

extension WatchEvent: JSONValue {
  /// One object in one line: `{"time": "2026-11-28T18:04:48.250Z", "track": 3, "name": "Ada", …}`.
  package var json: String { JSONWriter.text { writeMembers(to: &$0) } }

  package func write(to json: inout JSONWriter) { json.object { writeMembers(to: &$0) } }

  /// The members of that object.
  package func writeMembers(to json: inout JSONWriter) {
    json.member("time", timestampText(time))
    json.member("frame", frame)
    json.member("track", track)
    json.member("name", name?.description)
    json.member("nearest", nearest?.description)
    json.member("cosine", cosine)
    json.member("margin", margin)
    json.member("quality", quality)
    json.member("box", [box.left, box.top, box.right, box.bottom])
    json.member("frames", frames)
    json.member("latency_ms", latencyMilliseconds, fractionDigits: 1)
  }
}
