import FaceqSupport
import SHA256

/// Pictures of one size that are parts of photos, read again whenever they are needed: memory does not grow with their
/// number.
package final class PictureSet: FaceSource {
  /// The photos that could be read, in the list's order.
  package let paths: PathList
  /// SHA-256 over all pictures' pixels, in lower-case hexadecimal.
  package let digest: String
  private let load: (FilePath) throws(FaceqError) -> [[UInt8]]
  /// For each picture its photo, and its place among those of the photo.
  private let places: [(photo: Int, part: Int)]
  /// The photo that was read last.
  private var last: (photo: Int, pictures: [[UInt8]])?

  /// Reads every photo once.
  ///
  /// - Parameters:
  ///   - load: reads a photo's pictures.
  ///   - skipped: called with the reason for each file that cannot be used; what it throws ends the reading.
  package init(
    paths: PathList, load: @escaping (FilePath) throws(FaceqError) -> [[UInt8]],
    skipped: (FaceqError) throws(FaceqError) -> Void
  ) throws(FaceqError) {
    var usable = PathList()
    var hash = SHA256()
    var places: [(photo: Int, part: Int)] = []
    for path in paths {
      do throws(FaceqError) {
        for (part, picture) in try load(path).enumerated() {
          hash.update(picture)
          places.append((usable.count, part))
        }
        usable.append(path)
      } catch {
        try skipped(error)
      }
    }
    self.paths = usable
    self.places = places
    self.load = load
    digest = hexadecimal(hash.finish())
  }

  package var count: Int { places.count }

  package func pixels(_ index: Int) throws(FaceqError) -> [UInt8] {
    let (photo, part) = places[index]
    if let last, last.photo == photo { return last.pictures[part] }
    let pictures = try load(paths[photo])
    last = (photo, pictures)
    return pictures[part]
  }
}
