public import QuantRuntime

/// The image files that `path` stands for.
///
/// A folder: its .jpg, .jpeg and .png files (in any case), those of its subfolders too, sorted by the bytes of their
/// paths; hidden files and folders are left out, and a folder that symbolic links reach several times is read once. An
/// image: itself. Any other file: a list with one path per line, relative to the list's own folder, in the list's
/// order.
/// - Throws: One sentence when there is no such file, no image in it, a name is not UTF-8, or a folder cannot be
///   listed. Listed files are not opened.
public func imagePaths(in path: String) throws(FaceqError) -> [String] {
  if let folder = try Folder(path: path) {
    let images = try imagesBelow(folder)
    guard !images.isEmpty else {
      throw FaceqError("cannot find images in \(path): it holds no .jpg, .jpeg or .png file; name a folder with images")
    }
    return images
  }
  if hasImageSuffix(path.utf8) { return [path] }
  let file = try MappedFile(path: path)
  return try withExtendedLifetime(file) { () throws(FaceqError) -> [String] in
    if ImageFormat(file.bytes) != nil { return [path] }
    return try listedPaths(file.bytes, listPath: path)
  }
}

private func imagesBelow(_ top: Folder) throws(FaceqError) -> [String] {
  var images: [String] = []
  var pending = [top]
  var visited: Set<String> = []
  while let folder = pending.popLast() {
    guard visited.insert(folder.canonicalPath).inserted else { continue }
    var subfolders: [Folder] = []
    for entry in folder.entries where !entry.name.utf8.starts(with: ".".utf8) {
      if entry.kind != .file, let subfolder = try Folder(path: entry.path) {
        subfolders.append(subfolder)
      } else if hasImageSuffix(entry.name.utf8) {
        images.append(entry.path)
      }
    }
    pending += subfolders.reversed()
  }
  return images.sorted(by: precedes)
}

func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

private func hasImageSuffix(_ name: String.UTF8View) -> Bool {
  let lowercased = name.suffix(5).map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
  return lowercased.suffix(4).elementsEqual(".jpg".utf8) || lowercased.suffix(4).elementsEqual(".png".utf8)
    || lowercased.elementsEqual(".jpeg".utf8)
}

private func listedPaths(_ bytes: UnsafeRawBufferPointer, listPath: String) throws(FaceqError) -> [String] {
  let folder = listPath.utf8.lastIndex(of: 0x2f).map { String(listPath[...$0]) } ?? ""
  var paths: [String] = []
  for line in bytes.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
    guard !line.contains(0), let name = String(validating: line, as: UTF8.self) else {
      throw FaceqError(
        "cannot find images in \(listPath): it is neither a folder, nor a JPEG or PNG image, nor a text file with "
          + "one path per line; name one of them")
    }
    guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { continue }
    paths.append(name.utf8.first == 0x2f ? name : folder + name)
  }
  guard !paths.isEmpty else {
    throw FaceqError(
      "cannot find images in \(listPath): it is a list without a path; put one on each line, or name a folder")
  }
  return paths
}
