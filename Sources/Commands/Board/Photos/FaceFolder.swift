import CSystem
import FaceImages
import FaceqSupport

/// The folder that faces are written to, with folders of its own; what is not there is made for the first face in it.
struct FaceFolder {
  private let path: FilePath
  /// The folders that this run has made, in that order.
  private var folders: [FilePath] = []
  private var files = PathList()
  private var lastFolder: FilePath?

  init(_ path: FilePath) { self.path = path }

  /// Whether there is a file already.
  ///
  /// - Parameter name: a path below the folder.
  func has(_ name: FilePath) throws(FaceqError) -> Bool {
    try fileExists(path.appending(component: name.bytes))
  }

  /// Writes a face as a PNG.
  mutating func write(_ face: RGBImage, as name: FilePath) throws(FaceqError) {
    let file = path.appending(component: name.bytes)
    try make(file.folder)
    try writePNG(face, to: file)
    files.append(file)
  }

  /// Removes the files and folders that this run has made.
  mutating func removeAll() {
    for file in files { _ = file.withCString { unlink($0) } }
    for folder in folders.reversed() { _ = folder.withCString { rmdir($0) } }
    (files, folders, lastFolder) = (PathList(), [], nil)
  }

  private mutating func make(_ folder: FilePath) throws(FaceqError) {
    guard folder != lastFolder else { return }
    // From the output folder on: what that is in must be there.
    if folder != path, folder.bytes.count > path.bytes.count { try make(folder.folder) }
    if folder.withCString({ mkdir($0, 0o777) }) == 0 {
      folders.append(folder)
    } else if system_errno() != system_exists {
      throw FaceqError("cannot make the folder \(folder): \(systemReason(system_errno()))")
    }
    lastFolder = folder
  }
}
