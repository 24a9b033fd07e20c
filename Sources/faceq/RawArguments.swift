import ArgumentParser
import FaceqSupport

/// The command line's bytes on their way through ArgumentParser, which knows only text.
///
/// A byte that is not part of UTF-8 travels as a private code point, U+10FF00 and the byte; the bytes of these code
/// points themselves do, too, so that every word comes out as it went in.
enum RawArguments {
  private static let privateCodePoints: ClosedRange<UInt32> = 0x10ff00...0x10ffff

  /// The words after the program's name.
  static var words: [String] {
    UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)).dropFirst().compactMap { word in
      word.map { text(FilePath(cString: $0).bytes) }
    }
  }

  static func text(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    var rest = bytes[...]
    while let first = rest.first {
      if let (scalar, length) = firstScalar(of: rest), !privateCodePoints.contains(scalar.value) {
        text.unicodeScalars.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        text.unicodeScalars.append(Unicode.Scalar(privateCodePoints.lowerBound + UInt32(first)) ?? "\u{FFFD}")
        rest = rest.dropFirst()
      }
    }
    return text
  }

  static func bytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar in
      privateCodePoints.contains(scalar.value) ? [UInt8(scalar.value & 0xff)] : Array(String(scalar).utf8)
    }
  }

  /// A message of ArgumentParser about words, fit for a terminal.
  static func shown(_ message: String) -> String {
    message.split(separator: "\n", omittingEmptySubsequences: false).map { escapedText(bytes(String($0))) }
      .joined(separator: "\n")
  }
}

extension FilePath: ExpressibleByArgument {
  public init?(argument: String) { self.init(bytes: RawArguments.bytes(argument)) }

  public var defaultValueDescription: String { description }
}
