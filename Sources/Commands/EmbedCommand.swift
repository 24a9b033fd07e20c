import QuantRuntime
import SIMDKernels

/// `embed`: the embeddings of faces, aligned ones or those in photos.
public struct EmbedCommand: Sendable {
  public enum Output: Sendable {
    /// Lines for a reader.
    case summary
    case json
    /// A row per image: its path, with all faces the face's number, and its embedding's components.
    case csv
    /// A NumPy file, float32 [image][component].
    case npy(path: FilePath)
  }

  public var model: FilePath
  /// Images, or folders that stand for the images in them.
  public var images: [FilePath]
  /// Adds each mirror image's embedding before the norm.
  public var flip: Bool
  public var output: Output
  /// Every image must be an aligned face.
  public var aligned: Bool
  /// Of photos all faces, not the largest only.
  public var allFaces: Bool
  public var detection: DetectionOptions
  public var options: RunOptions

  public init(
    model: FilePath, images: [FilePath], flip: Bool, output: Output, aligned: Bool = false, allFaces: Bool = false,
    detection: DetectionOptions = DetectionOptions(), options: RunOptions
  ) {
    self.model = model
    self.images = images
    self.flip = flip
    self.output = output
    self.aligned = aligned
    self.allFaces = allFaces
    self.detection = detection
    self.options = options
  }

  public func run(_ console: Console) throws(FaceqError) {
    try options.check()
    // A path that cannot be written to is better known before the work than after it.
    if case .npy(let path) = output { _ = try AtomicFile(path: path) }
    let model = try openModel(model, console)
    let session = try options.session(model)
    let paths = try expandImagePaths(images)
    let rows = try embedAll(paths, model, console)
    switch output {
    case .summary: try console.print(summary(session, rows))
    case .json: try console.print(json(session, rows))
    case .csv: try console.print(csv(rows))
    case .npy(let path):
      try writeNPY(
        path: path, rows: rows.count, columns: model.embeddingSize, values: rows.flatMap { $0.embedding })
      var text = "\(path): float32 [\(rows.count), \(model.embeddingSize)] by \(session.summary)"
      if allFaces { for (index, row) in rows.enumerated() { text += "\nrow \(index): \(row.name)" } }
      try console.print(text)
    }
  }

  private struct Row {
    var image: FilePath
    /// From 1 on, largest first; where all faces are wanted.
    var face: Int?
    var embedding: [Float]

    var name: String { face.map { "\(image), face \($0)" } ?? image.description }
  }

  private func embedAll(
    _ paths: [FilePath], _ model: Model, _ console: Console
  ) throws(FaceqError) -> [Row] {
    let batch = try FaceBatch(
      model, images: paths.count, flip: flip, allFaces: allFaces, mustBeAligned: aligned, detection, options, console)
    var progress = ProgressMeter(console, total: paths.count)
    let start = monotonicSeconds()
    let outcomes = try batch.run(paths, stopsAtFault: !allFaces) { progress.advance(to: $0) }
    progress.finish()
    var rows: [Row] = []
    for (path, outcome) in zip(paths, outcomes) {
      guard let outcome else { continue }
      for note in outcome.notes { console.note(note) }
      if let fault = outcome.fault {
        guard paths.count > 1 else { throw fault }
        guard allFaces else {
          throw FaceqError(
            "no embeddings were written, because the rows behind a bad image would shift: \(fault.message)")
        }
        console.note("skipped: \(fault.message)")
      }
      rows += outcome.faces.map { Row(image: path, face: $0.number, embedding: $0.embedding) }
    }
    guard !rows.isEmpty else { throw FaceqError("no face could be used in any of the \(paths.count) images") }
    if paths.count > 1 { console.noteOnTerminal(throughput(rows.count, seconds: monotonicSeconds() - start)) }
    return rows
  }

  /// `600 faces in 12.3 s: 48.8 faces/s`.
  private func throughput(_ faces: Int, seconds: Double) -> String {
    "\(counted(faces, "face")) in \(formatDecimal(seconds, fractionDigits: 1)) s: "
      + "\(formatDecimal(Double(faces) / max(seconds, 1e-9), fractionDigits: 1)) faces/s"
  }

  private func summary(_ session: EmbeddingSession, _ rows: [Row]) -> String {
    var text = session.summary + (flip ? ", mirror images added" : "")
    for row in rows {
      let first = row.embedding.prefix(4).map { formatDecimal(Double($0), fractionDigits: 4) }.joined(separator: ", ")
      text += "\n\(row.name): \(row.embedding.count) components [\(first), …]"
    }
    return text
  }

  private func json(_ session: EmbeddingSession, _ rows: [Row]) -> String {
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
    for row in rows {
      json.beginObject()
      json.key("image")
      json.value(row.image)
      if let face = row.face {
        json.key("face")
        json.value(face)
      }
      json.key("embedding")
      json.beginArray()
      for component in row.embedding { json.value(component) }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.text
  }

  private func csv(_ rows: [Row]) -> String {
    rows.map { row in
      ([csvField(row.image.description)] + (row.face.map { ["\($0)"] } ?? [])
        + row.embedding.map { formatSignificant(Double($0), digits: 9) }).joined(separator: ",")
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
