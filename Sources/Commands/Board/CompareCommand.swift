import FaceImages
import FaceqSupport
import QuantRuntime

/// `compare`: the cosine between the embeddings of every pair of faces, aligned ones or those in photos.
package struct CompareCommand: Sendable {
  /// The model; nil takes the one for trying.
  package var model: FilePath?
  /// Images, or folders that stand for the images in them.
  package var images: [FilePath]
  package var json: Bool
  /// The smallest cosine of pairs of the same person; nil where the user does not ask who is the same.
  package var threshold: Float?
  package var options: FaceOptions

  package init(
    model: FilePath?, images: [FilePath], json: Bool, threshold: Float? = nil, options: FaceOptions
  ) {
    self.model = model
    self.images = images
    self.json = json
    self.threshold = threshold
    self.options = options
  }

  private struct Pair {
    var a: FilePath
    var b: FilePath
    var cosine: Float
  }

  package func run(_ console: Console) throws(FaceqError) {
    try options.run.check()
    if let threshold, !(-1...1).contains(threshold) {
      throw FaceqError("no cosine can be as --threshold says; choose a number from -1 to 1, 0.3 for instance")
    }
    if let first = images.first, first.hasSuffix(".gguf") {
      throw FaceqError("\(first) is no image; if it is the model, write --model before it")
    }
    let model = try openModel(chosenModel(model, console), console)
    let session = try options.run.session(model)
    let reader = try FaceReader(model, options, console)
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
      embeddings.append(try session.embed(try reader.pixels(path)))
      progress.advance()
    }
    var pairs: [Pair] = []
    for a in 0..<paths.count {
      for b in a + 1..<paths.count {
        pairs.append(Pair(a: paths[a], b: paths[b], cosine: cosine(embeddings[a], embeddings[b])))
      }
    }
    let inputShape = [paths.count, model.image.height, model.image.width, 3]
    let embeddingShape = [paths.count, model.embeddingSize]
    if json {
      try console.print(report(inputShape: inputShape, embeddingShape: embeddingShape, pairs))
    } else {
      var lines = [
        try options.run.summary(model),
        "input tensor      [\(list(inputShape))]", "embedding tensor  [\(list(embeddingShape))]",
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
    JSONWriter.text { json in
      json.member("input_shape", inputShape)
      json.member("embedding_shape", embeddingShape)
      json.objects("pairs", pairs) { json, pair in
        json.member("a", pair.a)
        json.member("b", pair.b)
        json.member("cosine", pair.cosine)
        if let same = isSame(pair) { json.member("same", same) }
      }
    }
  }
}
