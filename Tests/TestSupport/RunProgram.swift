import FaceqSupport
import Foundation

/// What a program that has ended left behind.
public struct ProgramResult: Sendable {
  public var status: Int32
  public var output: String
  public var errors: String

  public var errorLines: [Substring] { errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast() }
}

/// Runs a program to its end.
///
/// - Parameter environment: besides this process's own.
public func runProgram(
  _ path: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]
) throws -> ProgramResult {
  let scratch = try TemporaryFolder()
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
  // Files, because a program that fills one pipe while the other is read would wait for ever.
  process.standardOutput = try scratch.newFile("output")
  process.standardError = try scratch.newFile("errors")
  try process.run()
  process.waitUntilExit()
  return ProgramResult(
    status: process.terminationStatus, output: try scratch.text("output"), errors: try scratch.text("errors"))
}
