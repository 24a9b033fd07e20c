import QuantRuntime

/// A model's facts, for a reader or as JSON.
public struct ModelReport {
  private let model: Model
  private let channelReason: String

  /// - Parameter channelReason: why the channels have their order, as a clause.
  public init(_ model: Model, channelReason: String = "in which it was trained; another order spoils every embedding") {
    self.model = model
    self.channelReason = channelReason
  }

  /// A line for each fact, in aligned columns.
  public var text: String {
    let (description, input) = (model.description, model.input)
    let order = input.channels == .bgr ? "BGR" : "RGB"
    let divisor = number(input.divisor)
    var facts = [
      ("model", model.path.description),
      ("architecture", description.architecture),
      ("precision", model.precision),
      ("parameters", groupedDigits(description.parameters)),
      ("work", "\(formatDecimal(Double(model.multiplyAccumulates) / 1e9, fractionDigits: 3)) GMAC per embedding"),
      ("layers", "\(model.layerCount) with weights, in \(counted(model.blockCount, "block"))"),
      ("embedding", counted(model.embeddingSize, "component")),
      ("input", "\(input.height)×\(input.width), (pixel − 127.5) / \(divisor)"),
      ("channels", "\(order), \(channelReason)"),
      ("source", "\(description.source.name), SHA-256 \(description.source.sha256)"),
    ]
    let int16 = model.int16Layers
    if !int16.isEmpty {
      let share = formatDecimal(model.workShare(of: int16) * 100, fractionDigits: 1)
      facts.append(("int16", "\(blockwise(int16).joined(separator: ", ")): \(share) % of the work"))
    }
    if description.isStandIn { facts.append(("weights", "stand-ins: never trained, identifies nobody")) }
    if let calibration = description.calibration {
      let drift = calibration.drift
      facts += [
        ("made by", calibration.tool),
        ("recipe", calibration.recipe),
        ("calibrated", "with \(counted(calibration.images, "image")), SHA-256 \(calibration.imagesDigest)"),
        ("from", "the float model with digest \(calibration.floatDigest)"),
        (
          "drift",
          "cosine mean \(number(drift.mean)), median \(number(drift.median)), 5th percentile \(number(drift.p5)), "
            + "1st \(number(drift.p1)), minimum \(number(drift.minimum)), on \(counted(drift.images, "image"))"
        ),
        ("self-test", calibration.selfTest.isEmpty ? "none" : "yes: faceq selftest checks this machine against it"),
      ]
    }
    facts.append(("digest", model.digest))
    return facts.map { name, value in
      name + String(repeating: " ", count: 14 - name.utf8.count) + value
    }.joined(separator: "\n")
  }

  /// The layers of a block as one, where it has them all.
  private func blockwise(_ layers: [String]) -> [String] {
    guard case .int8(let network) = model.network else { return layers }
    var names: [String] = []
    var rest = layers[...]
    while let layer = rest.first {
      let whole = network.blocks.indices.first { index in
        let body = network.blocks[index].body.indices.map { "blocks.\(index).body.\($0)" }
        return rest.starts(with: body)
      }
      names.append(whole.map { "blocks.\($0)" } ?? layer)
      rest = rest.dropFirst(whole.map { network.blocks[$0].body.count } ?? 1)
    }
    return names
  }

  private func number(_ value: Float) -> String { formatSignificant(Double(value), digits: 6) }

  public var json: String {
    let (description, input) = (model.description, model.input)
    var json = JSONWriter()
    json.beginObject()
    json.key("architecture")
    json.value(description.architecture)
    json.key("precision")
    json.value(model.precision)
    json.key("int16_layers")
    json.beginArray()
    for layer in model.int16Layers { json.value(layer) }
    json.endArray()
    json.key("parameters")
    json.value(description.parameters)
    json.key("macs")
    json.value(model.multiplyAccumulates)
    json.key("layers")
    json.value(model.layerCount)
    json.key("blocks")
    json.value(model.blockCount)
    json.key("embedding_size")
    json.value(model.embeddingSize)
    json.key("input")
    json.beginObject()
    json.key("height")
    json.value(input.height)
    json.key("width")
    json.value(input.width)
    json.key("channels")
    json.value(input.channels.rawValue)
    json.key("mean")
    json.value(Float(127.5))
    json.key("divisor")
    json.value(input.divisor)
    json.endObject()
    json.key("source")
    json.beginObject()
    json.key("name")
    json.value(description.source.name)
    json.key("sha256")
    json.value(description.source.sha256)
    json.endObject()
    json.key("stand_in")
    json.value(description.isStandIn)
    json.key("calibration")
    if let calibration = description.calibration { write(calibration, to: &json) } else { json.null() }
    json.key("digest")
    json.value(model.digest)
    json.endObject()
    return json.text
  }

  private func write(_ calibration: ModelDescription.Calibration, to json: inout JSONWriter) {
    json.beginObject()
    json.key("tool")
    json.value(calibration.tool)
    json.key("recipe")
    json.value(calibration.recipe)
    json.key("images")
    json.value(calibration.images)
    json.key("images_sha256")
    json.value(calibration.imagesDigest)
    json.key("float_digest")
    json.value(calibration.floatDigest)
    json.key("drift")
    json.beginObject()
    json.key("images")
    json.value(calibration.drift.images)
    json.key("cosine")
    json.beginObject()
    json.members(of: calibration.drift)
    json.endObject()
    json.endObject()
    json.key("self_test")
    json.value(!calibration.selfTest.isEmpty)
    json.endObject()
  }
}

extension JSONWriter {
  /// `"mean": …, "median": …, "p5": …, "p1": …, "min": …`.
  mutating func members(of drift: DriftSummary) {
    key("mean")
    value(drift.mean)
    key("median")
    value(drift.median)
    key("p5")
    value(drift.p5)
    key("p1")
    value(drift.p1)
    key("min")
    value(drift.minimum)
  }
}
