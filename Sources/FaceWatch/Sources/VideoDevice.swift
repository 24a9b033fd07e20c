internal import CSystem
package import FaceqSupport

/// The system's calls that a camera is driven with. Tests replace them.
package protocol VideoDevice {
  /// `ioctl`: 0, or the error's code.
  func control(_ request: UInt, _ argument: UnsafeMutableRawPointer) -> Int32
  /// `mmap`: nil where that fails.
  func map(length: Int, offset: Int) -> UnsafeMutableRawPointer?
  func unmap(_ address: UnsafeMutableRawPointer, length: Int)
  /// Waits until a buffer is full, for so many milliseconds at most.
  func waitForBuffer(milliseconds: Int32) -> Bool
  func close()
}

/// A device file.
package struct SystemVideoDevice: VideoDevice {
  private let descriptor: Int32

  /// - Throws: where the file cannot be opened.
  package init(path: FilePath) throws(FaceqError) {
    descriptor = path.withCString { system_open_device($0) }
    guard descriptor >= 0 else {
      let code = system_errno()
      let reason =
        code == system_access_denied
        ? "permission denied; cameras are for members of the group video" : systemReason(code)
      throw FaceqError("cannot open \(path): \(reason)")
    }
  }

  package func control(_ request: UInt, _ argument: UnsafeMutableRawPointer) -> Int32 {
    while system_ioctl(descriptor, request, argument) != 0 {
      let code = system_errno()
      if code != system_interrupted { return code }
    }
    return 0
  }

  package func map(length: Int, offset: Int) -> UnsafeMutableRawPointer? {
    system_map_device(descriptor, length, offset)
  }

  package func unmap(_ address: UnsafeMutableRawPointer, length: Int) { _ = munmap(address, length) }

  package func waitForBuffer(milliseconds: Int32) -> Bool { system_wait_readable(descriptor, milliseconds) > 0 }

  package func close() { _ = CSystem.close(descriptor) }
}
