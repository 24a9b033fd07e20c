import FaceqSupport
import QuantRuntime

/// The facts of a face detector that is one network, for a reader or as JSON.
package struct DetectorReport {
  private let model: DetectorModel
  private let image: ImageFormat
  /// Multiply-accumulates for each pixel of a picture.
  private let work: Int

  /// - Throws: where the graph is not well formed.
  package init(_ model: DetectorModel) throws(FaceqError) {
    self.model = model
    image = try model.topology.image
    work = try model.topology.multiplyAccumulates().reduce(0, +) / max(image.height * image.width, 1)
  }

  /// A line for each fact, in aligned columns.
  package var text: String {
    let (rule, description) = (model.rule, model.description)
    var facts = [
      ("detector", model.path.description),
      ("family", rule.family),
      ("precision", model.precision),
      ("parameters", groupedDigits(description.parameters)),
      ("work", "\(groupedDigits(work)) multiply-accumulates for each pixel"),
      ("input", "sides that are multiples of \(rule.multiple), \(normalisation)"),
      ("channels", image.channels == .bgr ? "BGR" : "RGB"),
      ("strides", strides.map { "\($0)" }.joined(separator: ", ")),
      ("score", "\(rule.scoreRule), at least \(decimal(rule.score))"),
      ("overlap", "at most \(decimal(rule.overlap))"),
      ("source", "\(description.source.name), SHA-256 \(description.source.sha256)"),
    ]
    if let calibration = description.calibration {
      facts += [
        ("made by", calibration.tool),
        ("recipe", calibration.recipe),
        ("calibrated", "with \(counted(calibration.images, "image")), SHA-256 \(calibration.imagesDigest)"),
        ("from", "the float detector with digest \(calibration.floatDigest)"),
        (
          "outputs",
          "cosine to the float detector's: mean \(cosineText(calibration.drift.mean)), minimum "
            + "\(cosineText(calibration.drift.minimum)), on \(counted(calibration.drift.images, "picture"))"
        ),
      ]
    }
    facts.append(("digest", model.digest))
    return factLines(facts)
  }

  /// The same facts as one object.
  package var json: String {
    let (rule, description) = (model.rule, model.description)
    return JSONWriter.text { json in
      json.member("detector", model.path)
      json.member("family", rule.family)
      json.member("precision", model.precision)
      json.member("parameters", description.parameters)
      json.member("multiply_accumulates_per_pixel", work)
      json.member("multiple", rule.multiple)
      json.member("strides", strides)
      json.member("score_rule", rule.scoreRule)
      json.member("score", rule.score)
      json.member("overlap", rule.overlap)
      json.member("source", description.source.name)
      json.member("source_sha256", description.source.sha256)
      json.member("digest", model.digest)
    }
  }

  /// Each once.
  private var strides: [Int] {
    var strides: [Int] = []
    for stride in model.rule.strides where !strides.contains(stride) { strides.append(stride) }
    return strides
  }

  /// What the network sees of a pixel.
  private var normalisation: String { image.normalisation(decimal) }

  private func decimal(_ value: Float) -> String { formatDecimal(Double(value), fractionDigits: 2) }
}
