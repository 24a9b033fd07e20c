import QuantRuntime
import SIMDKernels

/// A JSON object: what was computed with, an array of embeddings, and one of what was skipped.
final class EmbeddingJSON: EmbeddingOutput {
  private struct Skip {
    var image: FilePath
    var face: Int?
    var reason: String
  }

  private var results: ResultText
  private var json = JSONWriter()
  private var skips: [Skip] = []

  init(_ session: EmbeddingSession, flip: Bool, _ results: ResultText) {
    self.results = results
    json.beginObject()
    json.key("model")
    json.value(session.model.path)
    json.key("digest")
    json.value(session.model.digest)
    json.key("precision")
    json.value(session.model.precision)
    json.key("isa")
    json.value(session.instructionSet.rawValue)
    json.key("flip")
    json.value(flip)
    json.key("embeddings")
    json.beginArray()
  }

  override func add(_ embedding: [Float], of image: FilePath, face: Int?) throws(FaceqError) {
    begin(image, face: face)
    json.key("embedding")
    json.beginArray()
    for component in embedding { json.value(component) }
    json.endArray()
    json.endObject()
    try results.write(json.takeText())
  }

  override func skip(_ image: FilePath, face: Int?, reason: String) throws(FaceqError) {
    skips.append(Skip(image: image, face: face, reason: reason))
  }

  override func finish() throws(FaceqError) {
    json.endArray()
    json.key("skipped")
    json.beginArray()
    for skip in skips {
      begin(skip.image, face: skip.face)
      json.key("reason")
      json.value(skip.reason)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    try results.write(json.takeText() + "\n")
    try results.finish()
  }

  private func begin(_ image: FilePath, face: Int?) {
    json.beginObject()
    json.key("image")
    json.value(image)
    if let face {
      json.key("face")
      json.value(face)
    }
  }
}
