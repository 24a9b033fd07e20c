import QuantRuntime
import SIMDKernels

/// `embed`: the embeddings of aligned faces.
public struct EmbedCommand: Sendable {
  public enum Output: Sendable {
    /// Lines for a reader.
    case summary
    case json
    /// A row per image: its path and its embedding's components.
    case csv
    /// A NumPy file, float32 [image][component].
    case npy(path: String)
  }

  public var model: String
  /// Images, or folders that stand for the images in them.
  public var images: [String]
  /// Adds each mirror image's embedding before the norm.
  public var flip: Bool
  public var output: Output
  public var options: RunOptions

  public init(model: String, images: [String], flip: Bool, output: Output, options: RunOptions) {
    self.model = model
    self.images = images
    self.flip = flip
    self.output = output
    self.options = options
  }

  public func run(_ console: Console) throws(FaceqError) {
    try options.check()
    // A path that cannot be written to is better known before the work than after it.
    if case .npy(let path) = output { _ = try AtomicFile(path: path) }
    let model = try openModel(model, console)
    let session = try options.session(model)
    let paths = try expandImagePaths(images)
    let embeddings = try embedAll(paths, session, console)
    switch output {
    case .summary: try console.print(summary(session, paths, embeddings))
    case .json: try console.print(json(session, paths, embeddings))
    case .csv: try console.print(csv(paths, embeddings))
    case .npy(let path):
      try writeNPY(
        path: path, rows: paths.count, columns: model.embeddingSize, values: embeddings.flatMap { $0 })
      try console.print("\(path): float32 [\(paths.count), \(model.embeddingSize)] by \(session.summary)")
    }
  }

  private func embedAll(
    _ paths: [String], _ session: EmbeddingSession, _ console: Console
  ) throws(FaceqError) -> [[Float]] {
    let loader = FaceLoader(session.model)
    var embeddings: [[Float]] = []
    var progress = ProgressMeter(console, total: paths.count)
    for path in paths {
      do {
        embeddings.append(session.embed(try loader.pixels(path), flip: flip))
      } catch {
        guard paths.count > 1 else { throw error }
        throw FaceqError(
          "no embeddings were written, because the rows behind a bad image would shift: \(error.message)")
      }
      progress.advance()
    }
    return embeddings
  }

  private func summary(_ session: EmbeddingSession, _ paths: [String], _ embeddings: [[Float]]) -> String {
    var text = session.summary + (flip ? ", mirror images added" : "")
    for (path, embedding) in zip(paths, embeddings) {
      let first = embedding.prefix(4).map { formatDecimal(Double($0), fractionDigits: 4) }.joined(separator: ", ")
      text += "\n\(path): \(embedding.count) components [\(first), …]"
    }
    return text
  }

  private func json(_ session: EmbeddingSession, _ paths: [String], _ embeddings: [[Float]]) -> String {
    var json = JSONWriter()
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
    for (path, embedding) in zip(paths, embeddings) {
      json.beginObject()
      json.key("image")
      json.value(path)
      json.key("embedding")
      json.beginArray()
      for component in embedding { json.value(component) }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.text
  }

  private func csv(_ paths: [String], _ embeddings: [[Float]]) -> String {
    zip(paths, embeddings).map { path, embedding in
      ([csvField(path)] + embedding.map { formatSignificant(Double($0), digits: 9) }).joined(separator: ",")
    }.joined(separator: "\n")
  }
}

/// A text as a field of a CSV row (RFC 4180): in quotation marks where it needs them.
private func csvField(_ text: String) -> String {
  let special = Array(",\"\r\n".utf8)
  guard text.utf8.contains(where: { special.contains($0) }) else { return text }
  var quoted = Array("\"".utf8)
  for byte in text.utf8 {
    quoted.append(byte)
    if byte == UInt8(ascii: "\"") { quoted.append(byte) }
  }
  quoted.append(UInt8(ascii: "\""))
  return String(decoding: quoted, as: UTF8.self)
}
