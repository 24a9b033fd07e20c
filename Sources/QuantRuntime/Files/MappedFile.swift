internal import CSystem

// Stand-in until the runtime's own file layer is merged.
public final class MappedFile: @unchecked Sendable {
  public let path: String
  public let bytes: UnsafeRawBufferPointer

  public init(path: String) throws(FaceqError) {
    let file = open_for_reading(path)
    guard file >= 0 else { throw FaceqError("\(path) cannot be opened; check the path.") }
    defer { close(file) }
    let count = lseek(file, 0, 2)
    guard count >= 0, count < 1 << 60 else { throw FaceqError("\(path) is not a regular file; name a file.") }
    self.path = path
    if count == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, 1, 2, file, 0), Int(bitPattern: start) != -1 else {
      throw FaceqError("\(path) cannot be mapped; check that it is a regular file.")
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}
