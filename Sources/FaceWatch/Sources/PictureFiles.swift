internal import FaceqSupport

/// Picture files, one behind the other.
final class PictureFiles {
  private let paths: PathList
  private var index = 0

  init(_ paths: PathList) { self.paths = paths }

  func next() -> FrameSource.Reading {
    guard index < paths.count else { return .end }
    defer { index += 1 }
    do throws(FaceqError) {
      let file = try MappedFile(path: paths[index])
      guard file.bytes.count <= 1 << 26 else { return .broken("\(paths[index]) has more than 64 MiB") }
      return .frame(.file(Array(file.bytes)))
    } catch {
      return .broken(error.message)
    }
  }
}
