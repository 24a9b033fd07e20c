import FaceqSupport

/// Two images, and whether they show the same person.
package struct FacePair {
  var left: FilePath
  var right: FilePath
  var isSame: Bool
}

/// Reads a list of pairs: LFW's own form, see `LFWPairs`, or a CSV file (RFC 4180) with the header `left,right,same`, in
/// which `same` is 1 or true, 0 or false.
///
/// - Parameter root: the folder that the images are in.
/// - Throws: one sentence that names the file and the line.
package func readPairs(path: FilePath, root: FilePath) throws(FaceqError) -> [FacePair] {
  let file = try MappedFile(path: path)
  return try withExtendedLifetime(file) { () throws(FaceqError) -> [FacePair] in
    if let pairs = LFWPairs(path: path, bytes: file.bytes, root: root) { return try pairs.read() }
    let header = ["left", "right", "same"].map { Array($0.utf8) }
    var scanner = CSVScanner(bytes: file.bytes)
    func wrong(_ what: String) -> FaceqError {
      FaceqError(
        "\(path), line \(scanner.line): \(what); the first line must be left,right,same and each other a pair, "
          + "or all must be as in LFW's pairs.txt")
    }
    guard scanner.row() == header else { throw wrong("this is not a list of pairs") }
    var pairs: [FacePair] = []
    while !scanner.isAtEnd {
      guard let fields = scanner.row() else { throw wrong("the row is not CSV") }
      if fields == [[]] { continue }
      guard fields.count == 3, !fields[0].isEmpty, !fields[1].isEmpty else {
        throw wrong("there are \(fields.count) fields where two images and a number belong")
      }
      let (left, right) = (FilePath(bytes: fields[0]), FilePath(bytes: fields[1]))
      switch String(decoding: fields[2], as: UTF8.self) {
      case "1", "true", "True": pairs.append(FacePair(left: left, right: right, isSame: true))
      case "0", "false", "False": pairs.append(FacePair(left: left, right: right, isSame: false))
      default: throw wrong("the last field must be 1 for the same person or 0 for different ones")
      }
    }
    return pairs
  }
}
