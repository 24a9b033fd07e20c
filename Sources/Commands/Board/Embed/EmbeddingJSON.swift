import FaceqSupport
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

  init(_ model: Model, _ instructionSet: InstructionSet, flip: Bool, _ results: ResultText) {
    self.results = results
    json.beginObject()
    json.member("model", model.path)
    json.member("digest", model.digest)
    json.member("precision", model.precision)
    json.member("isa", instructionSet.rawValue)
    json.member("flip", flip)
    json.key("embeddings")
    json.beginArray()
  }

  override func add(_ embedding: [Float], of image: FilePath, face: Int?) throws(FaceqError) {
    json.object { json in
      EmbeddingJSON.write(image, face: face, to: &json)
      json.member("embedding", embedding)
    }
    try results.write(json.takeText())
  }

  override func skip(_ image: FilePath, face: Int?, reason: String) throws(FaceqError) {
    skips.append(Skip(image: image, face: face, reason: reason))
  }

  override package func finish() throws(FaceqError) {
    json.endArray()
    json.objects("skipped", skips) { json, skip in
      EmbeddingJSON.write(skip.image, face: skip.face, to: &json)
      json.member("reason", skip.reason)
    }
    json.endObject()
    try results.write(json.takeText() + "\n")
    try results.finish()
  }

  private static func write(_ image: FilePath, face: Int?, to json: inout JSONWriter) {
    json.member("image", image)
    if let face { json.member("face", face) }
  }
}
