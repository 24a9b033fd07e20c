import FaceqSupport

extension CalibrationRecipe {
  /// Reads a table as `table(_:)` writes it.
  ///
  /// - Parameter layers: of the network that it is for.
  /// - Throws: what is wrong, naming the file and the line.
  package init(path: FilePath, layers: [RecipeLayer]) throws(FaceqError) {
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
          "the network has no layer \(quoted(line.layer)); its layers are those that a calibration's table lists, from "
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
    do throws(FaceqError) {
      let names = LayerRecipe.Precision.allCases.map(\.rawValue)
      guard let precision = LayerRecipe.Precision(rawValue: words[1]) else {
        throw MethodRegistry.unknown("precision", words[1], among: names)
      }
      let method = try MethodRegistry.range(words[2])
      return LayerRecipe(
        precision: precision, range: try method.search(clip: try clip(method)), rounding: try rounding(),
        reason: comment)
    } catch {
      throw wrong(error.message)
    }
  }

  /// - Returns: nil where the line leaves it to the method.
  private func clip(_ method: MethodRegistry.Range) throws(FaceqError) -> Double? {
    if words[3] == "-" { return nil }
    guard let clip = method.clip else {
      throw FaceqError("the range \(method.name) has no clip; write - in its place")
    }
    guard let value = Double(words[3]), clip.bounds.contains(value) else {
      throw FaceqError(
        "\(quoted(words[3])) is no clip for the range \(method.name) (\(clip.meaning)); write a number from "
          + "\(clip.bounds.lowerBound) to \(clip.bounds.upperBound)")
    }
    return value
  }

  /// A line of int16 needs no rounding, but may have one, so that a layer's precision is one word.
  private func rounding() throws(FaceqError) -> any WeightRounding {
    words[4] == "-" ? LayerRecipe().rounding : try MethodRegistry.rounding(words[4])
  }

  func check(fixed input: RecipeLayer.FixedInput) throws(FaceqError) {
    guard words[1...] == ["int16", "-", "-", "-"] else {
      throw wrong(
        "\(layer) reads the \(input.rawValue), which is int16 as it is; its line must be \"\(layer) int16 - - -\", or be deleted"
      )
    }
  }
}
