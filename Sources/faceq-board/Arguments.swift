import CSystem
import FaceqSupport

/// The words after a command's name: values, options with a value (`--threads 4`, `--threads=4`) and flags.
///
/// A word is bytes, as a path is. Every option that is given must be asked for: `values` names the first that was not.
struct Arguments {
  private var words: [FilePath]

  /// - Parameter words: the words after the command's name. After `--` all words are values.
  init(_ words: [FilePath]) { self.words = words }

  /// Whether `name` is among the words.
  mutating func flag(_ name: String) -> Bool {
    guard let index = position({ $0.bytes.elementsEqual(name.utf8) }) else { return false }
    words.remove(at: index)
    return true
  }

  /// The value of an option that is a path, nil where it is not given.
  mutating func path(_ names: String...) throws(BoardError) -> FilePath? {
    for name in names {
      if let index = position({ $0.bytes.starts(with: (name + "=").utf8) }) {
        return FilePath(bytes: words.remove(at: index).bytes.dropFirst(name.utf8.count + 1))
      }
      if let index = position({ $0.bytes.elementsEqual(name.utf8) }) {
        guard index + 1 < words.count else { throw .use("\(name) wants a value after it") }
        words.remove(at: index)
        return words.remove(at: index)
      }
    }
    return nil
  }

  /// The value of an option that is a word of its own kind.
  mutating func text(_ name: String) throws(BoardError) -> String? { try path(name)?.description }

  /// The value of an option that is a whole number.
  mutating func number(_ name: String) throws(BoardError) -> Int? {
    guard let text = try text(name) else { return nil }
    guard let number = Int(text) else { throw .use("\(name) wants a whole number, not \(text)") }
    return number
  }

  /// The value of an option that is a decimal number.
  mutating func decimal(_ name: String) throws(BoardError) -> Float? {
    guard let text = try text(name) else { return nil }
    guard let number = decimalNumber(text) else { throw .use("\(name) wants a number, not \(text)") }
    return number
  }

  /// The value of an option that is `count` decimal numbers with commas between them.
  mutating func decimals(_ name: String, count: Int) throws(BoardError) -> [Float]? {
    guard let text = try text(name) else { return nil }
    let numbers = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
      decimalNumber(String(decoding: $0, as: UTF8.self))
    }
    let valid = numbers.compactMap { $0 }
    guard numbers.count == count, valid.count == count else {
      throw .use("\(name) wants \(count) numbers with commas between them, not \(text)")
    }
    return valid
  }

  /// The words that are left, all of them values.
  ///
  /// - Parameters:
  ///   - names: the names of the values that must be there.
  ///   - more: whether there may be more of the last.
  mutating func values(_ names: [String], more: Bool = false) throws(BoardError) -> [FilePath] {
    var values: [FilePath] = []
    var onlyValues = false
    for word in words {
      if !onlyValues && word == "--" {
        onlyValues = true
      } else if !onlyValues && word.bytes.count > 1 && word.bytes.first == UInt8(ascii: "-") {
        throw .use(
          "there is no option \(word) here, or it is given twice; see --help, or write -- before the files if it is one"
        )
      } else {
        values.append(word)
      }
    }
    guard values.count >= names.count else { throw .use("\(names[values.count]) is missing; see --help") }
    guard more || values.count == names.count else { throw .use("\(values[names.count]) is too much; see --help") }
    return values
  }

  /// The position of the first word before `--` that satisfies `condition`.
  private func position(_ condition: (FilePath) -> Bool) -> Int? {
    for (index, word) in words.enumerated() {
      if word == "--" { return nil }
      if condition(word) { return index }
    }
    return nil
  }
}

/// The number that `text` is, nil where it is anything else. Embedded Swift has no `Float(text)`.
private func decimalNumber(_ text: String) -> Float? {
  text.withCString { start in
    var end: UnsafeMutablePointer<CChar>?
    let number = strtof(start, &end)
    return end?.pointee == 0 && start.pointee != 0 ? number : nil
  }
}
