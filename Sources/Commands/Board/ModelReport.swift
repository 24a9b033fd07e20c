import FaceqSupport
import QuantRuntime

/// A model's facts, for a reader or as JSON.
package struct ModelReport {
  private let model: Model
  private let contractReason: String?

  /// - Parameter contractReason: why the network is believed to want the input that it gets; nil where nobody asks.
  package init(_ model: Model, contractReason: String? = nil) {
    self.model = model
    self.contractReason = contractReason
  }

  /// A line for each fact, in aligned columns.
  package var text: String {
    let (description, input) = (model.description, model.image)
    let order = input.channels == .bgr ? "BGR" : "RGB"
    var facts = [
      ("model", model.path.description),
      ("architecture", description.architecture),
      ("precision", model.precision),
      ("parameters", groupedDigits(description.parameters)),
      ("work", "\(formatDecimal(Double(model.multiplyAccumulates) / 1e9, fractionDigits: 3)) GMAC per embedding"),
      (
        "layers",
        "\(model.topology.layerCount) with weights, and \(counted(model.topology.additions.count, "addition"))"
      ),
      ("embedding", counted(model.embeddingSize, "component")),
      ("input", "\(input.height)×\(input.width), \(normalisation)"),
      ("channels", "\(order), in which it was trained; another order spoils every embedding"),
    ]
    if let contractReason { facts.append(("contract", contractReason)) }
    facts.append(("source", "\(description.source.name), SHA-256 \(description.source.sha256)"))
    if let origin = description.source.origin { facts.append(("origin", origin)) }
    if let licence = description.licence { facts.append(("licence", licence)) }
    let int16 = model.int16Layers
    if !int16.isEmpty {
      let share = formatDecimal(model.workShare(of: int16) * 100, fractionDigits: 1)
      facts.append(("int16", "\(together(int16).joined(separator: ", ")): \(share) % of the work"))
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
    return factLines(facts)
  }

  /// What the network sees of a pixel.
  private var normalisation: String { model.image.normalisation(number) }

  /// Layers whose names begin alike as one, where all layers that begin so are among them: `blocks.3`.
  private func together(_ layers: [String]) -> [String] {
    let topology = model.topology
    let all = topology.layersOfChoice.map { topology.nodes[$0].name }
    var names: [String] = []
    var rest = layers[...]
    while let layer = rest.first {
      let parts = layer.split(separator: ".")
      let prefix = (1..<max(parts.count, 1)).map { parts.prefix($0).joined(separator: ".") + "." }.first { prefix in
        all.filter { $0.hasPrefix(prefix) }.allSatisfy { layers.contains($0) }
      }
      names.append(prefix.map { String($0.dropLast()) } ?? layer)
      rest = rest.drop { $0 == layer || prefix.map($0.hasPrefix) ?? false }
    }
    return names
  }

  private func number(_ value: Float) -> String { formatSignificant(Double(value), digits: 6) }

  package var json: String {
    let (description, input) = (model.description, model.image)
    return JSONWriter.text { json in
      json.member("architecture", description.architecture)
      json.member("precision", model.precision)
      json.member("int16_layers", model.int16Layers)
      json.member("parameters", description.parameters)
      json.member("macs", model.multiplyAccumulates)
      json.member("layers", model.topology.layerCount)
      json.member("additions", model.topology.additions.count)
      json.member("embedding_size", model.embeddingSize)
      json.object("input") { json in
        json.member("height", input.height)
        json.member("width", input.width)
        json.member("channels", input.channels.rawValue)
        json.member("mean", input.mean)
        json.member("deviation", input.deviation)
      }
      json.object("source") { json in
        json.member("name", description.source.name)
        json.member("sha256", description.source.sha256)
        json.member("origin", description.source.origin)
      }
      json.member("licence", description.licence)
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
  package mutating func members(of drift: DriftSummary) {
    member("mean", drift.mean)
    member("median", drift.median)
    member("p5", drift.p5)
    member("p1", drift.p1)
    member("min", drift.minimum)
  }
}
