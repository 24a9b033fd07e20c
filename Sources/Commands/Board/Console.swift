import CSystem
import FaceqSupport

/// Where a command's words go: results to stdout, everything about the run to stderr.
package struct Console: Sendable {
  /// The program's name, with which lines on stderr begin.
  package let program: String
  /// Whether stderr is a terminal, so that a line there may be written over.
  let isTerminal: Bool

  package init(program: String) {
    self.program = program
    isTerminal = isatty(2) == 1
  }

  /// Writes a line of results, or several at once.
  ///
  /// - Throws: where stdout cannot take it, a full disk for instance. A reader that has gone away ends the program
  ///   quietly.
  package func print(_ text: String) throws(FaceqError) { try write(text + "\n") }

  /// Writes a part of the results, without the end of a line.
  func write(_ text: String) throws(FaceqError) {
    let code = write(text, to: 1)
    guard code == 0 else { throw FaceqError("cannot write the results to stdout: \(systemReason(code))") }
  }

  /// Writes a line for the user to stderr: what was skipped, what to know about a model, why the command failed.
  package func note(_ message: String) { _ = write(clearLine + "\(program): \(message)\n", to: 2) }

  /// Writes lines to stderr as they are.
  package func printError(_ text: String) { _ = write(text + "\n", to: 2) }

  /// Writes a line for the user to stderr where that is a terminal.
  func noteOnTerminal(_ message: String) {
    if isTerminal { note(message) }
  }

  /// Replaces the last line of a terminal; in a pipe nothing happens.
  package func showProgress(_ text: String) {
    if isTerminal { _ = write(clearLine + text, to: 2) }
  }

  /// What brings a terminal back to the first column and erases its line.
  private var clearLine: String { isTerminal ? "\r\u{1B}[K" : "" }

  /// Writes all of a text.
  ///
  /// - Returns: 0, or the system's code for why not all was written.
  private func write(_ text: String, to descriptor: Int32) -> Int32 {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
        let written = CSystem.write(descriptor, start, rest.count)
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if written == 0 || system_errno() != system_interrupted {
          let code = written == 0 ? system_disk_full : system_errno()
          // Where SIGPIPE is ignored: ends as that signal ends a program, which a shell reports as 128 + 13.
          if code == system_broken_pipe { system_exit(141) }
          return code
        }
      }
      return 0
    }
  }
}
