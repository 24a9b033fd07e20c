import FaceqSupport

/// A list of pairs as "Labeled Faces in the Wild" has them, one on each line:
///
///     Abel_Pacheco 1 4                  two pictures of one person, Abel_Pacheco/Abel_Pacheco_0001.jpg and …_0004.jpg
///     Abdel_Madi_Shabneh 1 Dean_Barker 2    pictures of two
///
/// with tabs or blanks between. Before them there may be a line of one or two numbers, which say how many pairs there are.
/// A picture is a .jpg, or a .png where there is none.
struct LFWPairs {
  private let path: FilePath
  private let root: FilePath
  private let lines: [(number: Int, fields: [ArraySlice<UInt8>])]

  /// Takes a text apart into lines; nil where the first line with something on it is not of this form.
  init?(path: FilePath, bytes: UnsafeRawBufferPointer, root: FilePath) {
    var text = Array(bytes)[...]
    if text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
    var lines: [(number: Int, fields: [ArraySlice<UInt8>])] = []
    let end = text.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
    for (index, line) in text.split(separator: end, omittingEmptySubsequences: false).enumerated() {
      let fields = LFWPairs.fields(line)
      if !fields.isEmpty { lines.append((index + 1, fields)) }
    }
    guard let first = lines.first?.fields else { return nil }
    if first.count <= 2, first.allSatisfy({ LFWPairs.number($0) != nil }) {
      lines.removeFirst()
    } else {
      guard LFWPairs.pictures(first) != nil else { return nil }
    }
    self.path = path
    self.root = root
    self.lines = lines
  }

  func read() throws(FaceqError) -> [FacePair] {
    var pairs: [FacePair] = []
    for (number, fields) in lines {
      guard let (left, right) = LFWPairs.pictures(fields) else {
        throw FaceqError(
          "\(path), line \(number): this is no pair; write a name and two numbers, or a name and a number twice, as in "
            + "LFW's pairs.txt")
      }
      pairs.append(FacePair(left: file(left), right: file(right), isSame: left.name == right.name))
    }
    return pairs
  }

  private struct Picture {
    var name: ArraySlice<UInt8>
    var number: Int
  }

  private func file(_ picture: Picture) -> FilePath {
    let digits = "\(picture.number)"
    let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
    let stem = FilePath(bytes: picture.name).appending(component: picture.name).appending("_" + zeros + digits)
    let (jpeg, png) = (stem.appending(".jpg"), stem.appending(".png"))
    // What cannot be examined is an error of its own pair, where it is read.
    if (try? fileExists(root.resolving(jpeg))) != false { return jpeg }
    return (try? fileExists(root.resolving(png))) == true ? png : jpeg
  }

  private static func pictures(_ fields: [ArraySlice<UInt8>]) -> (Picture, Picture)? {
    guard fields.count == 3 || fields.count == 4, let first = number(fields[1]), let last = fields.last,
      let second = number(last)
    else { return nil }
    let other = fields.count == 3 ? fields[0] : fields[2]
    return (Picture(name: fields[0], number: first), Picture(name: other, number: second))
  }

  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard (1...9).contains(field.count), field.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(String(decoding: field, as: UTF8.self))
  }

  /// The fields of a line: what is between its tabs, or where it has none between its blanks. Names may have blanks in
  /// them where there are tabs.
  private static func fields(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
    guard line.contains(0x09) else { return line.split(whereSeparator: isBlank) }
    return line.split(separator: 0x09).map { field in
      field.drop(while: isBlank).dropLast(field.reversed().prefix(while: isBlank).count)
    }.filter { !$0.isEmpty }
  }
}
