import CSystem
import FaceImages
import FaceWatch
import FaceqSupport

/// Keeps pictures of the last visits in a folder: the oldest go where there are too many, or they are too large together.
struct SnapshotFolder {
  private let path: FilePath
  /// The oldest first.
  private var pictures: [(path: FilePath, bytes: Int)] = []
  private var byteCount = 0

  static let maximumCount = 1000
  static let maximumBytes = 256 << 20
  private static let prefix = "visit-"

  /// Makes the folder where there is none. Pictures of earlier watches that are in it count.
  ///
  /// - Throws: where there is no folder and it cannot be made, or it cannot be listed.
  init(_ path: FilePath) throws(FaceqError) {
    self.path = path
    if path.withCString({ mkdir($0, 0o777) }) != 0, system_errno() != system_exists {
      throw FaceqError("cannot make the folder \(path): \(systemReason(system_errno()))")
    }
    guard let children = try folderChildren(of: path) else {
      throw FaceqError("\(path) is no folder; name one for the snapshots")
    }
    for picture in children.images.sorted() where picture.name.starts(with: Self.prefix.utf8) {
      var facts = system_file_facts()
      guard picture.withCString({ system_facts_of_path($0, &facts) }) == 0 else { continue }
      add(picture, bytes: Int(facts.size))
    }
  }

  /// Writes the picture of a visit: `visit-20261128T180448.250Z-3.jpg`, by time and track.
  mutating func keep(_ event: WatchEvent) throws(FaceqError) {
    let file = try event.snapshot()
    let time = String(timestampText(event.time).filter { $0 != "-" && $0 != ":" })
    let picture = path.appending(component: "\(Self.prefix)\(time)-\(event.track).jpg".utf8)
    try file.withUnsafeBufferPointer { (file) throws(FaceqError) in
      try writeFileAtomically(path: picture, UnsafeRawBufferPointer(file))
    }
    add(picture, bytes: file.count)
    while let oldest = pictures.first, pictures.count > Self.maximumCount || byteCount > Self.maximumBytes {
      _ = oldest.path.withCString { unlink($0) }
      byteCount -= oldest.bytes
      pictures.removeFirst()
    }
  }

  private mutating func add(_ picture: FilePath, bytes: Int) {
    pictures.append((picture, bytes))
    byteCount += bytes
  }
}
