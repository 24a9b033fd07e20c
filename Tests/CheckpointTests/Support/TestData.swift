import FaceqSupport
import Foundation
import TestSupport

/// What tests find outside the package: the folder `shared` beside it, and Python with NumPy; and scripts of their own.
enum TestData {
  /// The package's own folder.
  static let package = URL(fileURLWithPath: fixtures).deletingLastPathComponent().deletingLastPathComponent()

  static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Scripts")

  /// `shared`, where there is one; nothing is at this path where there is none.
  static let shared = URL(fileURLWithPath: sharedFolder ?? "/none")

  static let hasShared = sharedData != nil
  static let sharedMissing = sharedDataMissing

  static let hasPython = hasNumPy
  static let pythonMissing = numPyMissing

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

  /// Writes a checkpoint with make_checkpoint.py and returns its path.
  static func checkpoint(_ net: String, _ options: [String] = [], in folder: TemporaryFolder) throws -> String {
    let path = folder("\(net)\(options.joined()).pth")
    try run([fixtures + "/make_checkpoint.py", net, path] + options)
    return path
  }
}

extension TemporaryFolder {
  /// Writes `bytes` and returns the file's path.
  func write(_ bytes: [UInt8], _ name: String = "hostile.pth") throws -> String { try file(name, bytes) }
}
