internal import CSystem
package import FaceqSupport

/// Reads a source on a thread of its own into a mailbox.
///
/// A source that gives nothing for a while, breaks frames, ends or fails is told of through the mailbox. With
/// `reconnects` a source that has ended or failed is opened again, after 1 second at first and up to 30 later.
package final class FrameReader: @unchecked Sendable {
  /// Of silence, after which a source counts as stalled.
  static let patience = 10.0

  package let mailbox: FrameMailbox
  private let address: SourceAddress
  private let reconnects: Bool
  private let options: SourceOptions
  private var thread: system_thread?
  /// When a broken frame was spoken of last.
  private var lastComplaint = -Double.infinity

  package init(_ address: SourceAddress, options: SourceOptions, rule: FrameMailbox.Rule, reconnects: Bool) {
    self.address = address
    self.options = options
    self.reconnects = reconnects
    mailbox = FrameMailbox(rule)
  }

  /// Starts the thread.
  ///
  /// - Throws: where the system refuses one.
  package func start() throws(FaceqError) {
    var handle = system_thread()
    let argument = Unmanaged.passRetained(self)
    guard system_thread_create(&handle, nil, readerMain, argument.toOpaque()) == 0 else {
      argument.release()
      throw FaceqError("the system refuses to start a thread; end other programs")
    }
    thread = handle
  }

  /// Ends the thread; to be called once behind `start`.
  package func stop() {
    mailbox.close()
    if let thread { _ = system_thread_join(thread, nil) }
    thread = nil
  }

  fileprivate func read() {
    var pause = 1.0
    while true {
      let frames = mailbox.frameCounts.seen
      var failure: FaceqError?
      do throws(FaceqError) {
        try readUntilEnd(try FrameSource(address, options))
      } catch {
        failure = error
      }
      if mailbox.isClosed() { return }
      guard reconnects, address.canBeReopened else { return mailbox.finish(failure) }
      if mailbox.frameCounts.seen > frames { pause = 1 }
      let reason = failure?.message ?? "\(address) has ended"
      mailbox.note("\(reason); it is opened again in \(Int(pause)) s")
      if mailbox.isClosed(within: pause) { return }
      pause = min(pause * 2, 30)
    }
  }

  private func readUntilEnd(_ source: FrameSource) throws(FaceqError) {
    if let description = source.description { mailbox.note(description) }
    var lastFrame = monotonicSeconds()
    var hasStalled = false
    while !mailbox.isClosed() {
      switch try source.next() {
      case .frame(let picture):
        if hasStalled { mailbox.note("\(address) goes on") }
        hasStalled = false
        guard mailbox.put(picture, arrival: monotonicSeconds(), time: wallClockSeconds()) else { return }
        lastFrame = monotonicSeconds()
      case .broken(let reason):
        complain("a frame of \(address) is left out: \(reason)")
      case .nothing:
        guard !hasStalled, monotonicSeconds() - lastFrame > Self.patience else { continue }
        hasStalled = true
        let silence = "\(address) has given no frame for \(Int(Self.patience)) s"
        if reconnects, address.canBeReopened { throw FaceqError(silence) }
        mailbox.note("\(silence); check it")
      case .end:
        return
      }
    }
  }

  /// Counts a frame that cannot be used, and says so where that was not said in the last minute.
  private func complain(_ text: String) {
    mailbox.countBroken()
    let now = monotonicSeconds()
    guard now - lastComplaint > 60 else { return }
    lastComplaint = now
    mailbox.note(text)
  }
}

private func readerMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  Unmanaged<FrameReader>.fromOpaque(argument).takeRetainedValue().read()
  return nil
}
