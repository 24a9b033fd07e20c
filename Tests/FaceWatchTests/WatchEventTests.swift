import FaceImages
import FaceWatch
import Foundation
import Testing

struct WatchEventTests {
  func event(name: String?) -> WatchEvent {
    WatchEvent(
      time: 1_764_353_088.25, frame: 120, track: 3, name: name.map { .init($0) }, nearest: "Ada", cosine: 0.5,
      margin: nil, quality: 0.75, box: FaceBox(left: 1, top: 2, right: 3.5, bottom: 4), frames: 9,
      latencyMilliseconds: 12.34, embedding: [1], aligned: VotingTests.pixel,
      portrait: RGBImage(width: 40, height: 30, pixels: [UInt8](repeating: 99, count: 3600)))
  }

  @Test func theLineHasEveryFigure() {
    #expect(
      event(name: nil).json
        == #"{"time": "2025-11-28T18:04:48.250Z", "frame": 120, "track": 3, "name": null, "nearest": "Ada", "#
        + #""cosine": 0.5, "margin": null, "quality": 0.75, "box": [1, 2, 3.5, 4], "frames": 9, "latency_ms": 12.3}"#)
    #expect(event(name: "A\"da").json.contains(#""name": "A\"da""#))
  }

  @Test func theSnapshotIsAPicture() throws {
    let bytes = try event(name: "Ada").snapshot()
    let photo = try bytes.withUnsafeBytes { try Photo(copying: $0, name: "snapshot") }
    #expect(photo.width == 40 && photo.height == 30)
  }
}
