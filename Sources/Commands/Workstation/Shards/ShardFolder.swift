import CSystem
import Commands
import FaceqSupport

/// A folder of numbered shards: `shards.json`, the manifest; `list`, the paths of all images with a zero behind each;
/// `lock`; and for each shard that is complete its rows and their table, `00042-0a1b2c3d.npy` and `.csv`.
struct ShardFolder {
  private let path: FilePath
  let list: ShardList
  private let locks: ShardLocks

  /// Sets a folder up, or joins others in one that is set up.
  ///
  /// - Parameter manifest: of the list.
  /// - Throws: also where the folder's shards are of something else.
  init(
    _ path: FilePath, _ queue: inout ImageQueue, imagesPerShard: Int,
    manifest: (ShardList) -> ShardManifest
  ) throws(FaceqError) {
    if path.withCString({ mkdir($0, 0o777) }) != 0, system_errno() != system_exists {
      throw FaceqError("cannot make the folder \(path): \(systemReason(system_errno()))")
    }
    self.path = path
    locks = try ShardLocks(path.appending(component: "lock".utf8))
    let manifestPath = path.appending(component: "shards.json".utf8)
    try locks.waitFor(ShardLocks.setUp)
    if try fileExists(manifestPath) {
      // Whoever comes now may read a long list, and keeps nobody from coming.
      locks.give(ShardLocks.setUp)
      list = try ShardList(&queue, imagesPerShard: imagesPerShard) { _ in }
      try manifest(list).check(manifestPath)
    } else {
      var file = try AtomicFile(path: path.appending(component: "list".utf8))
      list = try ShardList(&queue, imagesPerShard: imagesPerShard) { (bytes) throws(FaceqError) in
        try file.write(bytes)
      }
      guard list.images > 0 else { throw FaceqError("there is no image in the list; put one path on each line") }
      try file.commit()
      try writeText(manifest(list).text, to: manifestPath)
      locks.give(ShardLocks.setUp)
    }
  }

  func paths(of shard: Int) throws(FaceqError) -> [FilePath] {
    try list.paths(of: shard, in: path.appending(component: "list".utf8))
  }

  /// The file of a shard's rows; the table is beside it.
  func rows(of shard: Int) -> FilePath {
    let number = "\(shard)"
    let padding = String(repeating: "0", count: max(0, 5 - number.utf8.count))
    return path.appending(component: "\(padding)\(number)-\(list.digest.prefix(8)).npy".utf8)
  }

  func isComplete(_ shard: Int) throws(FaceqError) -> Bool {
    let rows = rows(of: shard)
    guard try fileExists(rows) else { return false }
    return try fileExists(EmbeddingRows.table(beside: rows))
  }

  /// Does a shard, unless it is complete or another worker is at it.
  ///
  /// - Parameter waits: whether to wait until no other worker is at it.
  /// - Returns: whether the shard is complete now, and what `body` returned where it was called.
  func claim<Result>(
    _ shard: Int, waits: Bool, _ body: () throws(FaceqError) -> Result
  ) throws(FaceqError) -> (isComplete: Bool, result: Result?) {
    if try isComplete(shard) { return (true, nil) }
    if waits {
      try locks.waitFor(shard)
    } else if !(try locks.take(shard)) {
      return (false, nil)
    }
    defer { locks.give(shard) }
    // Whoever had the lock until now may have done it.
    return try isComplete(shard) ? (true, nil) : (true, try body())
  }

  /// Removes what workers that died left half written. To be called when all shards are complete: nobody writes any
  /// more then, and whoever sets the folder up waits.
  func removeLeftovers() throws(FaceqError) {
    try locks.waitFor(ShardLocks.setUp)
    defer { locks.give(ShardLocks.setUp) }
    removeTemporaryFiles(in: path)
  }
}
