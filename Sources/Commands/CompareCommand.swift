import QuantRuntime

/// `compare`: the cosine between the embeddings of every pair of aligned faces.
public struct CompareCommand: Sendable {
  public var model: String
  /// Images, or folders that stand for the images in them.
  public var images: [String]
  public var json: Bool
  public var options: RunOptions

  public init(model: String, images: [String], json: Bool, options: RunOptions) {
    self.model = model
    self.images = images
    self.json = json
    self.options = options
  }

  private struct Pair {
    var a: String
    var b: String
    var cosine: Float
  }

  public func run(_ console: Console) throws(FaceqError) {
    try options.check()
    let model = try openModel(model, console)
    let session = try options.session(model)
    let loader = FaceLoader(model)
    let paths = try expandImagePaths(images)
    guard paths.count >= 2 else {
      throw FaceqError("cannot compare \(paths.joined(separator: " ")) with nothing; name at least two images")
    }
    var embeddings: [[Float]] = []
    var progress = ProgressMeter(console, total: paths.count)
    for path in paths {
      embeddings.append(session.embed(try loader.pixels(path)))
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
        lines.append("cosine \(cosineText(pair.cosine))  \(pair.a)  \(pair.b)")
      }
      try console.print(lines.joined(separator: "\n"))
    }
  }

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
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.text
  }
}
