internal import FaceqSupport

/// Sends what it is given, on any thread, to all who read a channel.
package final class Publisher: @unchecked Sendable {
  private let outbox: Outbox
  private let lock = Lock()
  private var readers: [Int] = []

  init(_ outbox: Outbox) { self.outbox = outbox }

  /// - Parameter replaces: whether what was published on the channel before, and could not be sent yet, is thrown away.
  package func publish(_ bytes: [UInt8], on channel: Int, replaces: Bool = false) {
    outbox.add(Outbox.Parcel(channel: channel, bytes: bytes), replaces: replaces)
  }

  /// Whether anybody reads a channel.
  package func hasReaders(of channel: Int) -> Bool { lock.with { readers.contains(channel) } }

  /// - Parameter channels: those that are read.
  func setReaders(_ channels: [Int]) { lock.with { readers = channels } }
}
