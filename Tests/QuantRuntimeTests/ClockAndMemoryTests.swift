import FaceqSupport
import Foundation
import QuantRuntime
import Testing

struct ClockAndMemoryTests {
  @Test func clockMovesForward() {
    let before = monotonicSeconds()
    usleep(2000)
    #expect(monotonicSeconds() - before >= 0.002)
  }

  @Test func processorCountIsWhatTheSystemSays() {
    #expect(processorCount() == ProcessInfo.processInfo.activeProcessorCount)
  }

  @Test func peakMemoryCoversWhatWasTouched() throws {
    let count = 64 << 20
    let before = try #require(peakMemoryBytes())
    #expect(before > 1 << 20)
    let touched = [UInt8](repeating: 1, count: count)
    let peak = try #require(peakMemoryBytes())
    #expect(peak >= touched.count)
  }
}
