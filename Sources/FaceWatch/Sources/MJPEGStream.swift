internal import CSystem
package import FaceqSupport

/// JPEG files one behind another, from a descriptor: a pipe, a file or a connection.
package final class MJPEGStream {
  private let name: String
  private let descriptor: Int32
  private let isOwned: Bool
  private var splitter = MJPEGSplitter()
  private var block = [UInt8](repeating: 0, count: 1 << 16)
  private var hasFrames = false
  private var isAtEnd = false

  /// Bytes in which a JPEG has to begin.
  private static let maximumStrayBytes = 1 << 20

  /// - Parameters:
  ///   - descriptor: closed with this object where that is `isOwned`.
  ///   - first: what was read of it already.
  init(_ descriptor: Int32, isOwned: Bool, name: String, first: ArraySlice<UInt8> = []) {
    self.name = name
    self.descriptor = descriptor
    self.isOwned = isOwned
    splitter.append(first)
  }

  deinit { if isOwned { _ = close(descriptor) } }

  static func standardInput() throws(FaceqError) -> MJPEGStream {
    guard isatty(0) != 1 else {
      throw FaceqError("standard input is a terminal; pipe MJPEG into it, as ffmpeg and rpicam-vid write it")
    }
    return MJPEGStream(0, isOwned: false, name: "standard input")
  }

  package static func file(_ path: FilePath) throws(FaceqError) -> MJPEGStream {
    let descriptor = path.withCString { system_open_list($0) }
    guard descriptor >= 0 else { throw FaceqError("cannot open \(path): \(systemReason(system_errno()))") }
    return MJPEGStream(descriptor, isOwned: true, name: path.description)
  }

  package func next() throws(FaceqError) -> FrameSource.Reading {
    // What brings bytes without end and no frame is left now and then, so that it can be ended.
    for _ in 0..<64 {
      if let reading = try buffered() { return reading }
      guard hasFrames || splitter.strayBytes < Self.maximumStrayBytes else { throw noFrames() }
      guard system_wait_readable(descriptor, FrameSource.waiting) != 0 else { return .nothing }
      let count = read(descriptor, &block, block.count)
      guard count >= 0 else {
        let code = system_errno()
        if code == system_interrupted || code == system_try_again { return .nothing }
        throw FaceqError("cannot read \(name): \(systemReason(code))")
      }
      if count > 0 {
        splitter.append(block[..<count])
      } else {
        isAtEnd = true
        if case .broken(let reason) = splitter.end() { return .broken(reason.description) }
      }
    }
    return .nothing
  }

  /// What needs no more bytes.
  private func buffered() throws(FaceqError) -> FrameSource.Reading? {
    switch splitter.piece() {
    case .frame(let bytes):
      hasFrames = true
      return .frame(.file(bytes))
    case .broken(let reason): return .broken(reason.description)
    case nil: break
    }
    guard isAtEnd else { return nil }
    guard hasFrames else { throw noFrames() }
    return .end
  }

  private func noFrames() -> FaceqError {
    FaceqError(
      "\(name) is no MJPEG stream: no whole JPEG picture is in it; let ffmpeg write one with -f mjpeg, or rpicam-vid with "
        + "--codec mjpeg")
  }
}
