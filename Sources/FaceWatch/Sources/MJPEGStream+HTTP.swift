internal import CSystem
internal import FaceqSupport

extension MJPEGStream {
  /// Seconds that a server has for accepting a connection, and for its answer to begin.
  private static let patience = 5.0

  /// Asks a server for a stream, in HTTP/1.0, so that it is not sent in chunks.
  static func http(_ address: HTTPAddress) throws(FaceqError) -> MJPEGStream {
    let descriptor = system_begin_connecting(address.number, address.port)
    guard descriptor >= 0 else { throw unreachable(address, systemReason(system_errno())) }
    do throws(FaceqError) {
      try connect(descriptor, address)
      try send(
        "GET \(address.path) HTTP/1.0\r\nHost: \(address.host):\(address.port)\r\nUser-Agent: faceq/\(faceqVersion)\r\n"
          + "Accept: multipart/x-mixed-replace, image/jpeg\r\n\r\n", descriptor, address)
      let body = try readHead(descriptor, address)
      return MJPEGStream(descriptor, isOwned: true, name: address.description, first: body[...])
    } catch {
      _ = close(descriptor)
      throw error
    }
  }

  private static func connect(_ descriptor: Int32, _ address: HTTPAddress) throws(FaceqError) {
    guard system_wait_writable(descriptor, Int32(patience * 1000)) > 0 else {
      throw unreachable(address, "nobody answers there; check the address")
    }
    let code = system_connection_error(descriptor)
    guard code == 0 else { throw unreachable(address, systemReason(code)) }
  }

  private static func send(_ text: String, _ descriptor: Int32, _ address: HTTPAddress) throws(FaceqError) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { bytes in
        bytes.baseAddress.map { system_send_quietly(descriptor, $0, bytes.count) } ?? 0
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if system_errno() != system_try_again || system_wait_writable(descriptor, Int32(patience * 1000)) <= 0 {
        throw unreachable(address, systemReason(system_errno()))
      }
    }
  }

  /// Reads the head of the answer.
  ///
  /// - Returns: what was read of the body behind it.
  private static func readHead(_ descriptor: Int32, _ address: HTTPAddress) throws(FaceqError) -> [UInt8] {
    var head: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    let deadline = monotonicSeconds() + patience
    while true {
      if let end = head.endOfHead {
        try check(head[..<end], address)
        return Array(head[end...])
      }
      guard head.count < 1 << 16 else { throw unreachable(address, "its answer is not HTTP") }
      guard monotonicSeconds() < deadline, system_wait_readable(descriptor, Int32(patience * 1000)) > 0 else {
        throw unreachable(address, "it does not answer")
      }
      let count = read(descriptor, &block, block.count)
      guard count > 0 else { throw unreachable(address, "it ends the connection without an answer") }
      head += block[..<count]
    }
  }

  private static func check(_ head: ArraySlice<UInt8>, _ address: HTTPAddress) throws(FaceqError) {
    let lines = head.split(separator: UInt8(ascii: "\n")).map { line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
    let status = lines[0].utf8.split(separator: UInt8(ascii: " "))
    guard lines[0].utf8.starts(with: "HTTP/1.".utf8), status.count >= 2 else {
      throw unreachable(address, "its answer is not HTTP")
    }
    guard status[1].elementsEqual("200".utf8) else {
      throw unreachable(address, "it answers \(quoted(lines[0])); check the path")
    }
    let kind = lines.dropFirst().first { $0.lowercased().utf8.starts(with: "content-type:".utf8) }?.lowercased()
    guard let kind else { return }
    let value = String(decoding: kind.utf8.dropFirst("content-type:".utf8.count).drop { $0 == 0x20 }, as: UTF8.self)
    guard value.utf8.starts(with: "multipart/".utf8) || value.utf8.starts(with: "image/jpeg".utf8) else {
      throw unreachable(address, "it gives \(quoted(value)) and no MJPEG; check the path")
    }
  }

  private static func unreachable(_ address: HTTPAddress, _ reason: String) -> FaceqError {
    FaceqError("cannot read \(address): \(reason)")
  }
}

extension [UInt8] {
  /// Behind the empty line that ends the head of an HTTP message; nil where there is none.
  fileprivate var endOfHead: Int? {
    var lineIsEmpty = false
    for (index, byte) in enumerated() {
      switch byte {
      case UInt8(ascii: "\n"):
        if lineIsEmpty { return index + 1 }
        lineIsEmpty = true
      case UInt8(ascii: "\r"): break
      default: lineIsEmpty = false
      }
    }
    return nil
  }
}
