import CSystem
import FaceqSupport

/// Runs a shell's command for each event, with the event on its standard input, without waiting for it.
package struct EventProgram {
  private let command: FilePath
  private var processes: [Int32] = []

  /// Programs at once: a slow one must not fill the machine.
  package static let limit = 4

  package init(_ command: FilePath) { self.command = command }

  /// Starts the command.
  ///
  /// - Parameter text: for its standard input, and a line's end; less than 64 KiB, which a pipe holds.
  /// - Throws: where it cannot be started, or too many are running.
  package mutating func start(with text: String) throws(FaceqError) {
    reap()
    guard processes.count < Self.limit else {
      throw FaceqError(
        "\(command) was not started for an event: it is still busy with the \(Self.limit) before; let it do less")
    }
    var ends: [Int32] = [0, 0]
    guard ends.withUnsafeMutableBufferPointer({ $0.baseAddress.map { system_pipe($0) } ?? -1 }) == 0 else {
      throw FaceqError("cannot start \(command): \(systemReason(system_errno()))")
    }
    let (input, output) = (ends[0], ends[1])
    var process: Int32 = 0
    let code = command.withCString { system_start_shell(&process, $0, input) }
    if code == 0 {
      processes.append(process)
      let bytes = Array((text + "\n").utf8)
      // While this program has the other end, there is a reader, so that no signal comes of it.
      bytes.withUnsafeBytes { bytes in
        if let start = bytes.baseAddress { _ = write(output, start, min(bytes.count, 1 << 16)) }
      }
    }
    _ = close(input)
    _ = close(output)
    guard code == 0 else { throw FaceqError("cannot start \(command): \(systemReason(code))") }
  }

  /// Takes note of programs that have ended.
  mutating func reap() { processes.removeAll { system_has_ended($0) } }

  /// Waits until all have ended, for so many seconds at most.
  package mutating func waitForAll(seconds: Double) {
    let deadline = monotonicSeconds() + seconds
    reap()
    while !processes.isEmpty, monotonicSeconds() < deadline {
      system_pause(10)
      reap()
    }
  }
}
