import FaceqSupport
import SHA256

/// Where calibration gets aligned faces from: RGB [row][column][3] of the model's input size.
package protocol FaceSource {
  var count: Int { get }
  func pixels(_ index: Int) throws(FaceqError) -> [UInt8]
}

/// The usable ones of a list of image files, read again whenever they are needed: memory does not grow with their
/// number.
package struct CalibrationSet: FaceSource {
  /// Files that could be read, in the list's order.
  package let paths: PathList
  /// SHA-256 over all their pixels, in lower-case hexadecimal: says which faces a model was calibrated on.
  package let digest: String
  private let load: (FilePath) throws(FaceqError) -> [UInt8]

  /// Reads every file once.
  ///
  /// - Parameters:
  ///   - load: reads a face.
  ///   - skipped: called with the reason for each file that cannot be used; what it throws ends the reading.
  package init(
    paths: PathList, load: @escaping (FilePath) throws(FaceqError) -> [UInt8],
    skipped: (FaceqError) throws(FaceqError) -> Void
  ) throws(FaceqError) {
    var usable = PathList()
    var hash = SHA256()
    for path in paths {
      do throws(FaceqError) {
        hash.update(try load(path))
        usable.append(path)
      } catch {
        try skipped(error)
      }
    }
    self.paths = usable
    self.load = load
    digest = hexadecimal(hash.finish())
  }

  package var count: Int { paths.count }

  package func pixels(_ index: Int) throws(FaceqError) -> [UInt8] { try load(paths[index]) }

  /// One of `paths`.
  package func pixels(path: FilePath) throws(FaceqError) -> [UInt8] { try load(path) }
}
