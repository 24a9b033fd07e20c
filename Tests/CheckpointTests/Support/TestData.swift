import FaceqSupport
import Foundation

/// What tests find outside the package: the folder `shared` beside it, and Python with NumPy.
enum TestData {
  /// The package's own folder.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Scripts")

  /// The nearest `shared` beside a folder that the package lies in; nil where there is none.
  static let shared: URL? = {
    var folder = package
    while folder.pathComponents.count > 1 {
      folder = folder.deletingLastPathComponent()
      let candidate = folder.appending(path: "shared")
      if FileManager.default.fileExists(atPath: candidate.appending(path: "fixtures/make_checkpoint.py").path) {
        return candidate
      }
    }
    return nil
  }()

  static let hasShared = shared != nil && hasPython
  static let sharedMissing = "needs the test data in ../shared, and python3 with numpy"

  static let hasPython = (try? run(["-c", "import numpy"])) != nil
  static let pythonMissing = "needs python3 with numpy"

  /// Runs python3 and returns what it printed.
  @discardableResult
  static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-B"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ScriptFailure(arguments: arguments) }
    return text
  }

  struct ScriptFailure: Error { var arguments: [String] }

  static func script(_ name: String, _ arguments: String...) throws {
    try run([scripts.appending(path: name).path] + arguments)
  }

  /// Writes a checkpoint with ../shared/fixtures/make_checkpoint.py and returns its path.
  static func checkpoint(_ net: String, _ options: [String] = [], in folder: TemporaryFolder) throws -> String {
    let fixtures = (shared ?? package).appending(path: "fixtures/make_checkpoint.py").path
    let path = folder.path("\(net)\(options.joined()).pth")
    try run([fixtures, net, path] + options)
    return path
  }
}

/// A folder that is gone when the last reference to it is.
final class TemporaryFolder: Sendable {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "faceq-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// Writes `bytes` and returns the file's path.
  func write(_ bytes: [UInt8], _ name: String = "hostile.pth") throws -> String {
    try Data(bytes).write(to: url.appending(path: name))
    return path(name)
  }
}
