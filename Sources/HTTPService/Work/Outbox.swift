internal import CSystem
internal import FaceqSupport

/// What other threads hand to the thread of events, which a bell wakes.
final class Outbox: @unchecked Sendable {
  struct Parcel: Sendable {
    var channel: Int
    var bytes: [UInt8]
  }

  /// A descriptor that can be read when there is something.
  let bell: Int32
  private let lock = Lock()
  private var answers: [(exchange: Int, response: HTTPResponse)] = []
  private var parcels: [Parcel] = []

  init() throws(FaceqError) {
    bell = system_open_bell()
    guard bell >= 0 else { throw FaceqError("the system gives no event descriptor: \(systemReason(system_errno()))") }
  }

  deinit { _ = close(bell) }

  func add(_ response: HTTPResponse, for exchange: Int) {
    lock.with { answers.append((exchange, response)) }
    ring()
  }

  /// - Parameter replaces: whether what waits on the same channel is thrown away.
  func add(_ parcel: Parcel, replaces: Bool) {
    lock.with {
      if replaces { parcels.removeAll { $0.channel == parcel.channel } }
      // Where the thread of events is far behind, the oldest are lost.
      if parcels.count >= 256 { parcels.removeFirst() }
      parcels.append(parcel)
    }
    ring()
  }

  /// All that has come, and silences the bell.
  func take() -> (answers: [(exchange: Int, response: HTTPResponse)], parcels: [Parcel]) {
    var rings: UInt64 = 0
    _ = read(bell, &rings, 8)
    return lock.with {
      defer {
        answers = []
        parcels = []
      }
      return (answers, parcels)
    }
  }

  private func ring() {
    var one: UInt64 = 1
    _ = write(bell, &one, 8)
  }
}
