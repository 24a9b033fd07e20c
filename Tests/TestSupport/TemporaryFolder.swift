import FaceqSupport
import Foundation
import Synchronization

/// A folder that is gone when the last reference to it is.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// - Parameter inMemory: for tests that write thousands of files, which a disk makes slow; in memory where that is possible.
  public init(inMemory: Bool = false) throws {
    let isPossible = inMemory && FileManager.default.isWritableFile(atPath: "/dev/shm")
    path = (isPossible ? "/dev/shm/" : NSTemporaryDirectory()) + "faceq-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// For folders in static storage, which is never released.
  public func removeAtExit() {
    foldersToRemove.withLock { $0.append(path) }
    atexit {
      for path in foldersToRemove.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    }
  }

  /// The path of something in the folder.
  public func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// The path of a file in the folder, with `bytes` in it where there are any.
  public func file(_ name: String, _ bytes: [UInt8]? = nil) throws -> String {
    if let bytes { try write(bytes, to: name) }
    return self(name)
  }

  /// Everything in the folder, hidden files too.
  public func names() throws -> Set<String> { Set(try FileManager.default.contentsOfDirectory(atPath: path)) }

  public func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: self(name))))
  }

  public func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  public func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
  }

  /// Writes a file under a name that need not be text.
  public func write(_ bytes: [UInt8], toName name: [UInt8]) throws {
    let path = (Array(self.path.utf8) + [UInt8(ascii: "/")] + name + [0]).map { CChar(bitPattern: $0) }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(bytes))
  }

  /// Writes texts under names that may have folders in them.
  public func write(_ files: [String: String]) throws {
    for (name, text) in files {
      let file = URL(fileURLWithPath: self(name))
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  func newFile(_ name: String) throws -> FileHandle {
    try write([], to: name)
    return try FileHandle(forWritingTo: URL(fileURLWithPath: self(name)))
  }
}

private let foldersToRemove = Mutex<[String]>([])
