import FaceWatch
import FaceqSupport
import Foundation
import Testing

/// A mailbox for two threads.
private struct Shared: @unchecked Sendable { let mailbox: FrameMailbox }

struct FrameMailboxTests {
  func put(_ mailbox: FrameMailbox, _ byte: UInt8) -> Bool { mailbox.put(.file([byte]), arrival: 1, time: 2) }

  /// The number and the byte of a frame that is delivered.
  func frame(_ delivery: FrameMailbox.Delivery) -> (number: Int, byte: UInt8)? {
    guard case .frame(let frame) = delivery, case .file(let bytes) = frame.picture else { return nil }
    return (frame.number, bytes[0])
  }

  @Test func theNewestFrameWins() throws {
    let mailbox = FrameMailbox(.newest)
    for byte in 1...5 { #expect(put(mailbox, UInt8(byte))) }
    #expect(try #require(frame(mailbox.take(within: 0))) == (5, 5))
    #expect(frame(mailbox.take(within: 0)) == nil)
    #expect(put(mailbox, 6))
    #expect(try #require(frame(mailbox.take(within: 0))) == (6, 6))
    mailbox.countBroken()
    var counts = FrameCounts()
    (counts.seen, counts.dropped, counts.broken) = (6, 4, 1)
    #expect(mailbox.frameCounts == counts)
  }

  @Test func everyFrameWaitsToBeTaken() async throws {
    let shared = Shared(mailbox: FrameMailbox(.every))
    let thread = Thread {
      for byte in 1...50 { _ = shared.mailbox.put(.file([UInt8(byte)]), arrival: 0, time: 0) }
      shared.mailbox.finish()
    }
    thread.start()
    var bytes: [UInt8] = []
    taking: while true {
      switch shared.mailbox.take(within: 10) {
      case .frame(let taken): if case .file(let picture) = taken.picture { bytes += picture }
      case .nothing: break
      case .end(let error):
        #expect(error == nil)
        break taking
      }
    }
    #expect(bytes == Array(1...50))
    #expect(shared.mailbox.frameCounts.dropped == 0)
  }

  @Test func closingLetsTheReaderGo() {
    let shared = Shared(mailbox: FrameMailbox(.every))
    #expect(put(shared.mailbox, 1))
    let thread = Thread {
      Thread.sleep(forTimeInterval: 0.05)
      shared.mailbox.close()
    }
    thread.start()
    #expect(!put(shared.mailbox, 2))
    #expect(shared.mailbox.isClosed(within: 10))
  }

  @Test func theEndIsToldBehindTheLastFrame() {
    let mailbox = FrameMailbox(.newest)
    #expect(put(mailbox, 1))
    mailbox.finish(FaceqError("gone"))
    #expect(frame(mailbox.take(within: 0)) != nil)
    for _ in 0..<2 {
      guard case .end(let error) = mailbox.take(within: 0) else {
        Issue.record("no end")
        return
      }
      #expect(error?.message == "gone")
    }
  }

  @Test func notesAreFewAndTakenOnce() {
    let mailbox = FrameMailbox(.newest)
    for number in 0..<100 { mailbox.note("note \(number)") }
    #expect(mailbox.takeNotes().count == 8)
    #expect(mailbox.takeNotes() == [])
  }
}
