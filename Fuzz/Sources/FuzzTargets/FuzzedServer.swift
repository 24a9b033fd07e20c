import CSystem
import FaceqSupport
import HTTPService

/// A server on a thread of this process, and a client that sends it anything.
final class FuzzedServer: @unchecked Sendable {
  static let shared = FuzzedServer()

  private let port: UInt16
  private var address: UInt32 = 0

  private init() {
    var limits = HTTPLimits()
    limits.bodyBytes = 1 << 12
    limits.headerBytes = 1 << 11
    limits.allBodiesBytes = 1 << 16
    nonisolated(unsafe) let server = try? HTTPServer(
      limits: limits, note: { _ in },
      decide: { request in
        request.target.path.first == "v1" ? .work { _ in answer(request) } : .answer(answer(request))
      })
    guard let port = try? server?.listen(host: "0.0.0.0", port: 0),
      (try? SystemThread.start { try? server?.run(workers: 1) }) != nil
    else { preconditionFailure("there is no server") }
    self.port = UInt16(port)
  }

  /// What a call returns when no signal interrupts it, as libFuzzer's timer does.
  private func uninterrupted(_ call: () -> Int32) -> Int32 {
    while true {
      let result = call()
      if result >= 0 || system_errno() != system_interrupted { return result }
    }
  }

  /// Sends bytes and waits until the server has closed the connection. The first byte decides where the pieces end.
  func send(_ bytes: UnsafeRawBufferPointer) {
    var reader = InputReader(bytes)
    let split = Int(reader.byte())
    let text = Array(reader.bytes)
    // A connection that has ended keeps its two addresses for a minute: each is to another one of this machine.
    address = (address + 1) & 0xffff
    let descriptor = system_begin_connecting(0x7f01_0000 | address, port)
    precondition(
      descriptor >= 0 && uninterrupted { system_wait_writable(descriptor, 5000) } > 0, "the server takes no connection")
    defer { _ = close(descriptor) }
    let first = text.count * (split & 7) / 7
    let second = first + (text.count - first) * (split >> 3 & 7) / 7
    for piece in [text[..<first], text[first..<second], text[second...]] where !piece.isEmpty {
      let sent = piece.withUnsafeBytes { bytes in
        bytes.baseAddress.map { system_send_quietly(descriptor, $0, bytes.count) } ?? 0
      }
      if sent < piece.count { break }
    }
    _ = system_shutdown(descriptor, system_shut_writing)
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      precondition(
        uninterrupted { system_wait_readable(descriptor, 30_000) } > 0, "the server neither answers nor closes")
      if read(descriptor, &block, block.count) <= 0 { break }
    }
  }
}
