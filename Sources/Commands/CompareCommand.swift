import FaceImages
import QuantRuntime

/// `compare`: the cosine between the embeddings of every pair of faces, aligned ones or those in photos.
public struct CompareCommand: Sendable {
  public var model: FilePath
  /// Images, or folders that stand for the images in them.
  public var images: [FilePath]
  public var json: Bool
  /// Pairs with at least this cosine are of the same person.
  public var threshold: Float?
  /// Every image must be an aligned face.
  public var aligned: Bool
  public var detection: DetectionOptions
  public var options: RunOptions

  public init(
    model: FilePath, images: [FilePath], json: Bool, threshold: Float? = nil, aligned: Bool = false,
    detection: DetectionOptions = DetectionOptions(),
    options: RunOptions
  ) {
    self.model = model
    self.images = images
    self.json = json
    self.threshold = threshold
    self.aligned = aligned
    self.detection = detection
    self.options = options
  }

  private struct Pair {
    var a: FilePath
    var b: FilePath
    var cosine: Float
  }

  public func run(_ console: Console) throws(FaceqError) {
    try options.check()
    if let threshold, !(-1...1).contains(threshold) {
      throw FaceqError("no cosine can be as --threshold says; choose a number from -1 to 1, 0.3 for instance")
    }
    let model = try openModel(model, console)
    let session = try options.session(model)
    let loader = try FaceLoader(input: model.input, mustBeAligned: aligned, detection, options, console)
    var search = ImageSearch()
    for image in images { try search.add(image) }
    for note in search.notes { console.note("skipped: \(note)") }
    if let note = search.passedOverNote { console.note(note) }
    let paths = search.images
    guard paths.count >= 2 else {
      throw FaceqError(
        "cannot compare \(paths.map { $0.description }.joined(separator: " ")) with nothing; name at least two images")
    }
    var embeddings: [[Float]] = []
    var progress = ProgressMeter(console, total: paths.count)
    for path in paths {
      embeddings.append(try session.embed(try loader.pixels(path)))
      progress.advance()
    }
    var pairs: [Pair] = []
    for a in 0..<paths.count {
      for b in a + 1..<paths.count {
        pairs.append(Pair(a: paths[a], b: paths[b], cosine: cosine(embeddings[a], embeddings[b])))
      }
    }
    let inputShape = [paths.count, model.input.height, model.input.width, 3]
    let embeddingShape = [paths.count, model.embeddingSize]
    if json {
      try console.print(report(inputShape: inputShape, embeddingShape: embeddingShape, pairs))
    } else {
      var lines = [
        session.summary, "input tensor      [\(list(inputShape))]", "embedding tensor  [\(list(embeddingShape))]",
      ]
      for pair in pairs {
        let verdict = isSame(pair).map { $0 ? "  same     " : "  different" } ?? ""
        lines.append("cosine \(cosineText(pair.cosine))\(verdict)  \(pair.a)  \(pair.b)")
      }
      try console.print(lines.joined(separator: "\n"))
    }
  }

  private func isSame(_ pair: Pair) -> Bool? { threshold.map { pair.cosine >= $0 } }

  private func list(_ shape: [Int]) -> String { shape.map { "\($0)" }.joined(separator: ", ") }

  private func report(inputShape: [Int], embeddingShape: [Int], _ pairs: [Pair]) -> String {
    var json = JSONWriter()
    json.beginObject()
    for (key, shape) in [("input_shape", inputShape), ("embedding_shape", embeddingShape)] {
      json.key(key)
      json.beginArray()
      for extent in shape { json.value(extent) }
      json.endArray()
    }
    json.key("pairs")
    json.beginArray()
    for pair in pairs {
      json.beginObject()
      json.key("a")
      json.value(pair.a)
      json.key("b")
      json.value(pair.b)
      json.key("cosine")
      json.value(pair.cosine)
      if let same = isSame(pair) {
        json.key("same")
        json.value(same)
      }
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.text
  }
}
