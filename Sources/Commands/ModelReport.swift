import QuantRuntime

/// A model's facts, for a reader or as JSON.
package struct ModelReport {
  private let model: Model
  private let channelReason: String

  /// - Parameter channelReason: why the channels have their order, as a clause.
  package init(_ model: Model, channelReason: String = "in which it was trained; another order spoils every embedding")
  {
    self.model = model
    self.channelReason = channelReason
  }

  /// A line for each fact, in aligned columns.
  package var text: String {
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

  package var json: String {
    let (description, input) = (model.description, model.input)
    return JSONWriter.text { json in
      json.member("architecture", description.architecture)
      json.member("precision", model.precision)
      json.member("int16_layers", model.int16Layers)
      json.member("parameters", description.parameters)
      json.member("macs", model.multiplyAccumulates)
      json.member("layers", model.layerCount)
      json.member("blocks", model.blockCount)
      json.member("embedding_size", model.embeddingSize)
      json.object("input") { json in
        json.member("height", input.height)
        json.member("width", input.width)
        json.member("channels", input.channels.rawValue)
        json.member("mean", Float(127.5))
        json.member("divisor", input.divisor)
      }
      json.object("source") { json in
        json.member("name", description.source.name)
        json.member("sha256", description.source.sha256)
      }
      json.member("stand_in", description.isStandIn)
      json.member("calibration", description.calibration)
      json.member("digest", model.digest)
    }
  }
}

extension ModelDescription.Calibration: JSONValue {
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("tool", tool)
      json.member("recipe", recipe)
      json.member("images", images)
      json.member("images_sha256", imagesDigest)
      json.member("float_digest", floatDigest)
      json.object("drift") { json in
        json.member("images", drift.images)
        json.object("cosine") { json in json.members(of: drift) }
      }
      json.member("self_test", !selfTest.isEmpty)
    }
  }
}

extension JSONWriter {
  /// `"mean": …, "median": …, "p5": …, "p1": …, "min": …`.
  mutating func members(of drift: DriftSummary) {
    member("mean", drift.mean)
    member("median", drift.median)
    member("p5", drift.p5)
    member("p1", drift.p1)
    member("min", drift.minimum)
  }
}
