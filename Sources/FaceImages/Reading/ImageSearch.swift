package import FaceqSupport

/// Collects the image files that paths stand for.
package struct ImageSearch: Sendable {
  package private(set) var images = PathList()
  /// The folder that those that were named, and those that named and listed images are in, have in common.
  package private(set) var commonFolder = CommonFolder()
  /// What was left out, one sentence each: folders that cannot be read.
  package private(set) var notes: [String] = []
  /// How many files of each image format that is not read were passed over, by the letters after the dot.
  private var passedOver: [(suffix: String, count: Int)] = []

  package init() {}

  /// Adds the image files that `path` stands for.
  ///
  /// A folder: the JPEG and PNG files in it and in its subfolders, by their names (in any case), sorted by the bytes of
  /// their paths; hidden files and folders are left out, and a folder that symbolic links reach several times is read
  /// once. A text file: a list with a path on each line, in the list's order, relative to the list's own folder.
  /// Anything else, be it readable or not: itself. Images are not opened.
  ///
  /// - Throws: one sentence where a folder cannot be listed or holds no image, or a list no path.
  package mutating func add(_ path: FilePath) throws(FaceqError) {
    if let folder = try Folder(path: path) {
      let before = images.count
      addImages(below: folder)
      guard images.count > before else { throw noImages(in: path) }
      commonFolder.include(path)
    } else if ImageSuffix(path.name) == nil, let file = try? MappedFile(path: path), ImageFormat(file.bytes) == nil,
      isText(file.bytes)
    {
      try addImages(listedIn: path)
    } else {
      addImage(path)
    }
  }

  private mutating func addImage(_ path: FilePath) {
    images.append(path)
    commonFolder.include(path.folder)
  }

  /// One sentence about the images of other formats that were passed over, nil where there was none.
  package var passedOverNote: String? {
    guard !passedOver.isEmpty else { return nil }
    let total = passedOver.reduce(0) { $0 + $1.count }
    let kinds = passedOver.map { ".\($0.suffix)" }.joined(separator: ", ")
    return "\(total) other image file\(total == 1 ? " was" : "s were") passed over (\(kinds)): "
      + "only JPEG and PNG are read; convert what you need"
  }

  /// Counts the images of other formats that another search passed over, too.
  package mutating func count(_ other: ImageSearch) {
    for (suffix, count) in other.passedOver { passOver(suffix, count: count) }
  }

  private mutating func addImages(below top: Folder) {
    var pending = [(folder: top, next: 0)]
    var visited: Set<FilePath> = [top.canonicalPath]
    while let (folder, next) = pending.popLast() {
      guard next < folder.count else { continue }
      pending.append((folder, next + 1))
      let (name, isFolder) = folder[next]
      guard name.first != UInt8(ascii: ".") else { continue }
      let path = folder.path.appending(component: name)
      if isFolder {
        do throws(FaceqError) {
          guard let subfolder = try Folder(path: path), visited.insert(subfolder.canonicalPath).inserted else {
            continue
          }
          pending.append((subfolder, 0))
        } catch {
          notes.append(error.message)
        }
        continue
      }
      switch ImageSuffix(name) {
      case .readable: images.append(path)
      case .other(let suffix): passOver(suffix, count: 1)
      case nil: break
      }
    }
  }

  private mutating func passOver(_ suffix: String, count: Int) {
    if let index = passedOver.firstIndex(where: { $0.suffix.utf8.elementsEqual(suffix.utf8) }) {
      passedOver[index].count += count
    } else {
      passedOver.append((suffix, count))
    }
  }

  private mutating func addImages(listedIn list: FilePath) throws(FaceqError) {
    let folder = list.bytes.lastIndex(of: UInt8(ascii: "/")).map { FilePath(bytes: list.bytes[...$0]) } ?? ""
    let before = images.count
    var reader = try PathReader(list: list, relativeTo: folder)
    while let path = try reader.next() { addImage(path) }
    guard images.count > before else {
      throw FaceqError(
        "cannot find images in \(list): it is a list without a path; put one on each line, or name a folder")
    }
  }

  private func noImages(in path: FilePath) -> FaceqError {
    let others = passedOverNote.map { " (\($0))" } ?? ""
    return FaceqError(
      "cannot find images in \(path): it holds no .jpg, .jpeg or .png file\(others); name a folder with images")
  }
}

/// A list of paths has no zeros, unless it is in UTF-16, of which its reader has something to say.
private func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
  !bytes.prefix(1 << 16).contains(0) || PathReader.isUTF16(bytes.prefix(2))
}

/// What is directly in the folder at `path`, hidden files and folders left out; nil where there is no folder.
package func folderChildren(
  of path: FilePath
) throws(FaceqError) -> (folders: [FilePath], images: [FilePath])? {
  guard let folder = try Folder(path: path) else { return nil }
  var children: (folders: [FilePath], images: [FilePath]) = ([], [])
  for index in 0..<folder.count {
    let (name, isFolder) = folder[index]
    guard name.first != UInt8(ascii: ".") else { continue }
    let child = path.appending(component: name)
    if isFolder {
      children.folders.append(child)
    } else if case .readable = ImageSuffix(name) {
      children.images.append(child)
    }
  }
  return children
}
