import CSystem
import Commands
import FaceqSupport

/// The paths of all images of a folder of shards, in a file: memory holds where each shard's begin, and nothing else.
struct ShardList {
  /// 32 hexadecimal digits that stand for the paths and their order.
  let digest: String
  let images: Int
  let imagesPerShard: Int
  /// Where in the file each shard's paths begin, and where the last one's end.
  private let offsets: [Int]

  var shards: Int { offsets.count - 1 }

  /// How many images a shard has; only the last one can have fewer.
  func count(of shard: Int) -> Int { min(imagesPerShard, images - shard * imagesPerShard) }

  /// Reads a list to its end.
  ///
  /// - Parameter write: is given the bytes of the file, portion by portion.
  init(
    _ queue: inout ImageQueue, imagesPerShard: Int, write: ([UInt8]) throws(FaceqError) -> Void
  ) throws(FaceqError) {
    var digest = ListDigest()
    var (images, end) = (0, 0)
    var offsets: [Int] = []
    var portion: [UInt8] = []
    while let path = try queue.next() {
      if images % imagesPerShard == 0 { offsets.append(end) }
      portion += path.bytes
      portion.append(0)
      images += 1
      end += path.bytes.count + 1
      if portion.count >= 1 << 16 {
        digest.add(portion)
        try write(portion)
        portion.removeAll(keepingCapacity: true)
      }
    }
    digest.add(portion)
    try write(portion)
    self.digest = digest.text
    self.images = images
    self.imagesPerShard = imagesPerShard
    self.offsets = offsets + [end]
  }

  /// The paths of a shard's images.
  ///
  /// - Parameter file: what was written when the list was read.
  func paths(of shard: Int, in file: FilePath) throws(FaceqError) -> [FilePath] {
    let range = offsets[shard]..<offsets[shard + 1]
    let paths = try read(range, of: file).split(separator: 0).map { FilePath(bytes: $0) }
    guard paths.count == count(of: shard) else {
      throw damaged(file)
    }
    return paths
  }

  private func read(_ range: Range<Int>, of path: FilePath) throws(FaceqError) -> [UInt8] {
    let descriptor = path.withCString { system_open_reading($0) }
    guard descriptor >= 0 else { throw FaceqError("cannot open \(path): \(systemReason(system_errno()))") }
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: range.count)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { pread(descriptor, $0 + done, range.count - done, range.lowerBound + done) } ?? 0
      }
      if count > 0 {
        done += count
      } else if count == 0 {
        throw damaged(path)
      } else if system_errno() != system_interrupted {
        throw FaceqError("cannot read \(path): \(systemReason(system_errno()))")
      }
    }
    return bytes
  }

  private func damaged(_ file: FilePath) -> FaceqError {
    FaceqError("\(file) is not what it was when the shards were begun; begin anew in another folder")
  }
}
