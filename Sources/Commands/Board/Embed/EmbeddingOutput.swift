import FaceqSupport
import QuantRuntime

/// Where the embeddings of many images go, in the images' order.
package class EmbeddingOutput {
  /// Adds an embedding.
  ///
  /// - Parameter face: the number of the face, 1 for the largest, where all faces of a photo are wanted; else nil.
  func add(_ embedding: [Float], of image: FilePath, face: Int?) throws(FaceqError) {}

  /// Adds an image, or one face of it, that has no embedding.
  func skip(_ image: FilePath, face: Int?, reason: String) throws(FaceqError) {}

  /// Ends the output.
  package func finish() throws(FaceqError) {}

  /// Adds what came of an image.
  ///
  /// - Parameter allFaces: whether faces have numbers.
  /// - Returns: how many embeddings there were.
  package final func add(
    _ outcome: ParallelEmbedder.Outcome, of image: FilePath, allFaces: Bool
  ) throws(FaceqError) -> Int {
    if let fault = outcome.fault {
      try skip(image, face: nil, reason: fault.message)
      return 0
    }
    var count = 0
    for face in outcome.faces {
      let number = allFaces ? face.number : nil
      switch face.result {
      case .embedding(let embedding):
        try add(embedding, of: image, face: number)
        count += 1
      case .fault(let reason): try skip(image, face: number, reason: reason)
      }
    }
    return count
  }
}

/// Lines for people to read.
final class EmbeddingSummary: EmbeddingOutput {
  private var results: ResultText
  private var heading: String

  /// - Parameter summary: what decided the run's numbers.
  init(_ summary: String, flip: Bool, _ results: ResultText) {
    self.results = results
    heading = summary + (flip ? ", mirror images added" : "") + "\n"
  }

  override func add(_ embedding: [Float], of image: FilePath, face: Int?) throws(FaceqError) {
    let first = embedding.prefix(4).map { formatDecimal(Double($0), fractionDigits: 4) }.joined(separator: ", ")
    let name = "\(image)" + (face.map { ", face \($0)" } ?? "")
    try results.write("\(heading)\(name): \(embedding.count) components [\(first), …]\n")
    heading = ""
  }

  override package func finish() throws(FaceqError) { try results.finish() }
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

  override package func finish() throws(FaceqError) { try results.finish() }
}
