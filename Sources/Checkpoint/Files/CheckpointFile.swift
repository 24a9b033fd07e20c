import Crypto
import Foundation
import QuantRuntime

/// A file mapped into memory, read-only: what is not looked at is never loaded.
final class CheckpointFile: @unchecked Sendable {
  let path: String
  // Never written to after `init`, which is what makes the class safe to share.
  private let mapping: NSData

  init(path: String) throws(FaceqError) {
    self.path = path
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    do {
      let type = try FileManager.default.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType
      guard type == .typeRegular else {
        throw FaceqError("\(path) is not a file; give the checkpoint file itself")
      }
      mapping = try NSData(contentsOf: url, options: .alwaysMapped)
    } catch let error as FaceqError {
      throw error
    } catch {
      throw FaceqError("\(path) cannot be read: \(error.localizedDescription)")
    }
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: mapping.bytes, count: mapping.length) }

  /// The last component of the path.
  var name: String { URL(fileURLWithPath: path).lastPathComponent }

  /// The file's SHA-256 in lower-case hexadecimal.
  func sha256() -> String {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    return hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  /// An error about this file; `what` continues a sentence that begins with its path.
  func error(_ what: String) -> FaceqError { FaceqError("\(path) \(what)") }

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
