/// Sends what it is given, on any thread, to all who watch a channel.
package final class Publisher: Sendable {
  private let outbox: Outbox

  init(_ outbox: Outbox) { self.outbox = outbox }

  /// - Parameter replaces: whether what was published on the channel before, and could not be sent yet, is thrown away.
  package func publish(_ bytes: [UInt8], on channel: Int, replaces: Bool = false) {
    outbox.add(Outbox.Parcel(channel: channel, bytes: bytes), replaces: replaces)
  }
}
