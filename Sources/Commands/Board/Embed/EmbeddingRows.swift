import FaceqSupport

/// A NumPy file of embeddings, float32 [face][component], and beside it a table of which row is whose, `rows.csv` for
/// `rows.npy`: a line for each face that has a row, and for each image or face that was skipped.
package final class EmbeddingRows: EmbeddingOutput {
  static let heading = ["row", "path", "face", "status", "reason"]

  private var rows: NPYWriter?
  private var table: AtomicFile?
  /// Lines of the table that are not yet written.
  private var lines = Array((heading.joined(separator: ",") + "\n").utf8)
  private(set) var count = 0

  /// - Throws: where one of the two files cannot be written.
  package init(_ path: FilePath, columns: Int) throws(FaceqError) {
    rows = try NPYWriter(path: path, columns: columns)
    table = try AtomicFile(path: EmbeddingRows.table(beside: path))
  }

  /// `rows.npy` → `rows.csv`, `rows` → `rows.csv`.
  package static func table(beside path: FilePath) -> FilePath {
    (path.hasSuffix(".npy") ? FilePath(bytes: path.bytes.dropLast(4)) : path).appending(".csv")
  }

  override func add(_ embedding: [Float], of image: FilePath, face: Int?) throws(FaceqError) {
    try rows?.add(embedding)
    try addLine("\(count),\(csvField("\(image)")),\(face ?? 1),embedded,\n")
    count += 1
  }

  override func skip(_ image: FilePath, face: Int?, reason: String) throws(FaceqError) {
    try addLine(",\(csvField("\(image)")),\(face.map { "\($0)" } ?? ""),skipped,\(csvField(reason))\n")
  }

  override package func finish() throws(FaceqError) {
    guard var table = table.take(), let rows = rows.take() else { return }
    try table.write(lines)
    try rows.commit(with: table)
  }

  private func addLine(_ line: String) throws(FaceqError) {
    lines += line.utf8
    guard lines.count >= 1 << 14 else { return }
    try table?.write(lines)
    lines.removeAll(keepingCapacity: true)
  }
}
