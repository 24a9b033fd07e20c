import FaceImages
import FaceqSupport

/// Which images a command is to go through, and what to do about those that cannot be used.
package struct ImageInputs: Sendable {
  /// A list of paths besides the arguments, relative to the working directory.
  package struct List: Sendable {
    /// The path of the list; `-` is standard input.
    package var path: FilePath
    /// Whether a zero ends each path, instead of a line's end.
    package var hasZeros: Bool

    package init(path: FilePath, hasZeros: Bool) {
      self.path = path
      self.hasZeros = hasZeros
    }
  }

  /// Images, folders that stand for the images in them, and text files with a path on each line.
  package var arguments: [FilePath]
  package var list: List?
  /// Whether the first image that cannot be used ends the command, before anything is written.
  package var isStrict: Bool

  package init(_ arguments: [FilePath], list: List? = nil, isStrict: Bool = false) {
    self.arguments = arguments
    self.list = list
    self.isStrict = isStrict
  }

  /// These inputs with other arguments.
  package func with(_ arguments: [FilePath]) -> ImageInputs {
    ImageInputs(arguments, list: list, isStrict: isStrict)
  }

  /// Looks into folders and lists, and notes what it passes over there.
  ///
  /// - Throws: where an only argument stands for nothing, or with `isStrict` any.
  package func open(_ console: Console) throws(FaceqError) -> ImageQueue {
    var search = ImageSearch()
    for argument in arguments {
      do throws(FaceqError) {
        try search.add(argument)
      } catch {
        guard arguments.count > 1 || list != nil else { throw error }
        try leaveOut(error.message, console)
      }
    }
    for note in search.notes { try leaveOut(note, console) }
    if let note = search.passedOverNote { console.note(note) }
    return ImageQueue(search.images, try list?.open(), commonFolder: search.commonFolder)
  }

  /// All images at once. Folders and lists are looked into as `open` does.
  package func all(_ console: Console) throws(FaceqError) -> PathList {
    var queue = try open(console)
    var paths = PathList()
    while let path = try queue.next() { paths.append(path) }
    return paths
  }

  private func leaveOut(_ reason: String, _ console: Console) throws(FaceqError) {
    if isStrict { throw strictFault(reason) }
    console.note("skipped: \(reason)")
  }
}

extension ImageInputs.List {
  fileprivate func open() throws(FaceqError) -> PathReader {
    let separator = hasZeros ? PathReader.Separator.zeros : .lines
    if path == "-" { return PathReader(standardInputWith: separator) }
    return try PathReader(list: path, separator: separator)
  }
}

/// The error for what may not be left out.
func strictFault(_ reason: String) -> FaceqError { FaceqError("nothing is written, because of --strict: \(reason)") }
