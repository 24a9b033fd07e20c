import FaceqSupport
import SHA256

/// A file mapped into memory, read-only: what is not looked at is never loaded.
final class CheckpointFile: Sendable {
  private let mapping: MappedFile

  init(path: FilePath) throws(FaceqError) { mapping = try MappedFile(path: path) }

  var path: FilePath { mapping.path }
  var bytes: UnsafeRawBufferPointer { mapping.bytes }

  /// The last component of the path.
  var name: String { escapedText(path.name) }

  /// The file's SHA-256 in lower-case hexadecimal.
  func sha256() -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hexadecimal(hash.finish())
  }

  /// An error about this file; `what` continues a sentence that begins with its path.
  func error(_ what: String) -> FaceqError { FaceqError("\(path) \(what)") }

  /// An error for what cannot be had without running code from the file.
  func refusing(_ function: String) -> FaceqError {
    error(
      "names the function \(printable(function)), which a checkpoint has no need of; faceq does not run code from "
        + "files: save the network's state_dict() in PyTorch and import that")
  }

  /// An error for contents that contradict themselves.
  func damaged(_ what: String) -> FaceqError {
    error("is damaged: \(what); download or save it again")
  }
}

/// `text` from a file, made fit for a terminal: one line, no control characters, not too long.
func printable(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(120).map { $0.properties.isPrintable ? Character($0) : "?" }
  return String(shown) + (text.unicodeScalars.count > shown.count ? "…" : "")
}

extension Unicode.Scalar.Properties {
  fileprivate var isPrintable: Bool {
    switch generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
    default: true
    }
  }
}
