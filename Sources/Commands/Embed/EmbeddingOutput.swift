import QuantRuntime

/// Where the embeddings of many images go, in the images' order.
class EmbeddingOutput {
  /// - Parameter face: from 1 on, largest first, where all faces of a photo are wanted; else nil.
  func add(_ embedding: [Float], of image: FilePath, face: Int?) throws(FaceqError) {}

  /// An image, or one face of it, has no embedding.
  func skip(_ image: FilePath, face: Int?, reason: String) throws(FaceqError) {}

  /// There will be no more.
  func finish() throws(FaceqError) {}
}

/// Lines for a reader.
final class EmbeddingSummary: EmbeddingOutput {
  private var results: ResultText
  private var heading: String

  init(_ session: EmbeddingSession, flip: Bool, _ results: ResultText) {
    self.results = results
    heading = session.summary + (flip ? ", mirror images added" : "") + "\n"
  }

  override func add(_ embedding: [Float], of image: FilePath, face: Int?) throws(FaceqError) {
    let first = embedding.prefix(4).map { formatDecimal(Double($0), fractionDigits: 4) }.joined(separator: ", ")
    let name = "\(image)" + (face.map { ", face \($0)" } ?? "")
    try results.write("\(heading)\(name): \(embedding.count) components [\(first), …]\n")
    heading = ""
  }

  override func finish() throws(FaceqError) { try results.finish() }
}

/// A CSV row for each face: its image's path, with all faces its number, and its embedding's components.
final class EmbeddingCSV: EmbeddingOutput {
  private var results: ResultText

  init(_ results: ResultText) { self.results = results }

  override func add(_ embedding: [Float], of image: FilePath, face: Int?) throws(FaceqError) {
    let fields =
      [csvField("\(image)")] + (face.map { ["\($0)"] } ?? [])
      + embedding.map { formatSignificant(Double($0), digits: 9) }
    try results.write(fields.joined(separator: ",") + "\n")
  }

  override func finish() throws(FaceqError) { try results.finish() }
}
