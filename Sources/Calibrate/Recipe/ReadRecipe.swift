import QuantRuntime

extension CalibrationRecipe {
  /// Reads a table as `table(_:)` writes it.
  ///
  /// - Parameter layers: of the network that it is for.
  /// - Throws: what is wrong, naming the file and the line.
  public init(path: FilePath, layers: [RecipeLayer]) throws(FaceqError) {
    self.init()
    let file = try MappedFile(path: path)
    let text = withExtendedLifetime(file) { String(validating: file.bytes, as: UTF8.self) }
    guard var text, !text.utf8.contains(0) else { throw FaceqError("\(path) is not a recipe: it is no text in UTF-8") }
    if text.first == "\u{FEFF}" { text.removeFirst() }
    let known = Dictionary(uniqueKeysWithValues: layers.map { ($0.name, $0) })
    var lineOfLayer: [String: Int] = [:]
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      guard let line = try RecipeLine(line, place: "\(path), line \(index + 1)") else { continue }
      if let earlier = lineOfLayer.updateValue(index + 1, forKey: line.layer) {
        throw line.wrong("\(line.layer) has a line already, line \(earlier); delete one of them")
      }
      if line.layer == "default" {
        standard = try line.layerRecipe()
        continue
      }
      guard let layer = known[line.layer] else {
        throw line.wrong(
          "the network has no layer \(quoted(line.layer)); its layers are those that --write-recipe lists, from "
            + "\(layers.first?.name ?? "") to \(layers.last?.name ?? "")")
      }
      if let input = layer.fixedInput {
        try line.check(fixed: input)
      } else {
        self[line.layer] = try line.layerRecipe()
      }
    }
  }
}

/// A line's five words, and the comment behind them.
private struct RecipeLine {
  private let words: [String]
  private let comment: String
  private let place: String

  var layer: String { words[0] }

  /// Nil where the line holds nothing but a comment.
  init?(_ line: Substring, place: String) throws(FaceqError) {
    let parts = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    words = parts[0].split(whereSeparator: \.isWhitespace).map(String.init)
    comment = parts.count > 1 ? parts[1].split(whereSeparator: \.isWhitespace).joined(separator: " ") : ""
    self.place = place
    guard !words.isEmpty else { return nil }
    guard words.count == 5 else {
      throw wrong(
        "there \(words.count == 1 ? "is 1 word" : "are \(words.count) words") where layer, precision, range, clip and "
          + "rounding belong; write - where there is nothing to say")
    }
  }

  func wrong(_ what: String) -> FaceqError { FaceqError("\(place): \(what)") }

  func layerRecipe() throws(FaceqError) -> LayerRecipe {
    guard let precision = LayerRecipe.Precision(rawValue: words[1]) else {
      throw unknown("precision", words[1], among: LayerRecipe.Precision.allCases.map(\.rawValue))
    }
    guard let method = MethodRegistry.ranges.first(where: { $0.name == words[2] }) else {
      throw unknown("range", words[2], among: MethodRegistry.ranges.map(\.name))
    }
    return LayerRecipe(
      precision: precision, range: method.make(try clip(method)), rounding: try rounding(precision), reason: comment)
  }

  private func clip(_ method: MethodRegistry.Range) throws(FaceqError) -> Double {
    guard let clip = method.clip else {
      guard words[3] == "-" else { throw wrong("the range \(method.name) has no clip; write - in its place") }
      return 0
    }
    if words[3] == "-" { return clip.standard }
    guard let value = Double(words[3]), clip.bounds.contains(value) else {
      throw wrong(
        "\(quoted(words[3])) is no clip for the range \(method.name) (\(clip.meaning)); write a number from "
          + "\(clip.bounds.lowerBound) to \(clip.bounds.upperBound)")
    }
    return value
  }

  /// int16 needs none, but may have one, so that a layer's precision is one word.
  private func rounding(_ precision: LayerRecipe.Precision) throws(FaceqError) -> any WeightRounding {
    if words[4] == "-" { return LayerRecipe().rounding }
    guard let rounding = MethodRegistry.roundings.first(where: { $0.name == words[4] }) else {
      throw unknown("rounding", words[4], among: MethodRegistry.roundings.map(\.name))
    }
    return rounding
  }

  func check(fixed input: RecipeLayer.FixedInput) throws(FaceqError) {
    guard words[1...] == ["int16", "-", "-", "-"] else {
      throw wrong(
        "\(layer) reads the \(input.rawValue), which is int16 as it is; its line must be \"\(layer) int16 - - -\", or be deleted"
      )
    }
  }

  private func unknown(_ what: String, _ word: String, among names: [String]) -> FaceqError {
    wrong("there is no \(what) \(quoted(word)); choose one of \(names.joined(separator: ", "))")
  }
}
