import FaceqSupport
import QuantRuntime

/// Embeddings of the same images by another model, as `embed` writes them: a row for each image, but for those that its
/// table says were skipped.
struct ReferenceRows {
  private let path: FilePath
  private let size: Int
  private let values: [Float]
  /// The row of each image; nil where it was skipped.
  private let rows: [Int?]

  /// - Parameter images: how many rows and skipped images there must be.
  init(_ path: FilePath, images: Int, size: Int) throws(FaceqError) {
    let (shape, values) = try readNPY(path: path)
    let embedded = shape.first ?? 0
    let table = ReferenceRows.table(beside: path, rows: embedded)
    guard shape == [embedded, size], embedded == images || table?.count == images else {
      throw FaceqError(
        "\(path) has the shape [\(shape.map { "\($0)" }.joined(separator: ", "))] where [\(images), \(size)] belongs: one "
          + "row for each of the images, as faceq embed writes it")
    }
    self.path = path
    self.size = size
    self.values = values
    if let table, table.count == images { rows = table } else { rows = (0..<images).map { Optional($0) } }
  }

  func embedding(_ image: Int, _ path: FilePath) throws(FaceqError) -> [Float] {
    guard let row = rows[image] else { throw FaceqError("\(path) was skipped when \(self.path) was written") }
    let embedding = Array(values[row * size..<(row + 1) * size])
    let squares = embedding.reduce(0) { $0 + $1 * $1 }
    guard squares > 0, squares.isFinite else {
      throw FaceqError(
        "row \(row) of \(self.path) is no embedding, only zeros or what is no number; make the file again")
    }
    return embedding
  }

  /// The row of each image, where there is a table of so many rows.
  private static func table(beside path: FilePath, rows count: Int) -> [Int?]? {
    guard let file = try? MappedFile(path: EmbeddingRows.table(beside: path)) else { return nil }
    return withExtendedLifetime(file) {
      var scanner = CSVScanner(bytes: file.bytes)
      guard scanner.row() == EmbeddingRows.heading.map({ Array($0.utf8) }) else { return nil }
      var rows: [Int?] = []
      while !scanner.isAtEnd, let fields = scanner.row() {
        rows.append(Int(String(decoding: fields[0], as: UTF8.self)))
      }
      return rows.compactMap { $0 } == Array(0..<count) ? rows : nil
    }
  }
}
