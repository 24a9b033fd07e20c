import FaceImages
import FaceqSupport

/// The images of a command one after another: first those of its arguments, then those of its list, which is read only as
/// far as it is asked for.
package struct ImageQueue: ~Copyable {
  private let arguments: PathList
  private var position = 0
  private var list: PathReader?

  /// The deepest folder that all images of the arguments are below.
  let commonFolder: CommonFolder

  init(_ arguments: PathList, _ list: consuming PathReader?, commonFolder: CommonFolder) {
    self.arguments = arguments
    self.commonFolder = commonFolder
    total = list == nil ? arguments.count : nil
    self.list = list
  }

  /// How many images there are; nil where a list will tell only at its end.
  package let total: Int?

  /// The only image; nil where there are several, or may be.
  var only: FilePath? { total == 1 ? arguments.first : nil }

  /// The next image, nil after the last.
  package mutating func next() throws(FaceqError) -> FilePath? {
    if position < arguments.count {
      defer { position += 1 }
      return arguments[position]
    }
    return try list?.next()
  }

  /// The next images, at most `count`; none after the last.
  mutating func next(_ count: Int) throws(FaceqError) -> [FilePath] {
    var paths: [FilePath] = []
    while paths.count < count, let path = try next() { paths.append(path) }
    return paths
  }
}
