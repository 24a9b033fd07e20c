import FaceImages
import FaceWatch
import FaceqSupport
import Foundation
import Testing

struct MJPEGStreamTests {
  /// Who waits for a frame is given a chance to stop, whatever comes in its place.
  @Test func whatBringsNoFrameIsLeftNowAndThen() throws {
    let path = NSTemporaryDirectory() + "faceq-\(UUID().uuidString).mjpeg"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try (Data(MJPEGSplitterTests.picture(1)) + Data(count: 20 << 20)).write(to: URL(fileURLWithPath: path))
    let source = try FrameSource(.file(FilePath(path)), SourceOptions())
    guard case .frame = try source.next() else {
      Issue.record("the frame is missing")
      return
    }
    var pauses = 0
    while case .nothing = try source.next() { pauses += 1 }
    #expect(pauses == 4 || pauses == 5)
  }
}
