import FaceBank
import QuantRuntime

/// Who the faces in photos are, for a reader or as a JSON array.
struct IdentificationReport {
  private let threshold: Float
  private let allFaces: Bool
  private var json: JSONWriter?
  private var results: ResultText

  /// - Parameter allFaces: a reader is told which face of a photo a line is about.
  init(threshold: Float, allFaces: Bool, json: Bool, _ results: ResultText) {
    self.threshold = threshold
    self.allFaces = allFaces
    self.results = results
    guard json else { return }
    var writer = JSONWriter()
    writer.beginArray()
    self.json = writer
  }

  /// - Parameter face: from 1 on, largest first.
  mutating func add(
    _ photo: FilePath, face: Int, _ nearest: (best: PersonSearch.Candidate?, runnerUp: PersonSearch.Candidate?)
  ) throws(FaceqError) {
    guard let best = nearest.best else { return }
    guard var json else {
      return try results.write(text(allFaces ? "\(photo), face \(face)" : "\(photo)", best, nearest.runnerUp) + "\n")
    }
    json.beginObject()
    json.key("path")
    json.value(photo)
    json.key("face")
    json.value(face)
    json.key("person")
    if best.cosine >= threshold { json.value(best.person.description) } else { json.null() }
    json.key("nearest")
    json.value(best.person.description)
    json.key("cosine")
    json.value(best.cosine)
    json.key("runner_up")
    if let runnerUp = nearest.runnerUp {
      json.value(runnerUp.person.description)
      json.key("runner_up_cosine")
      json.value(runnerUp.cosine)
      json.key("margin")
      json.value(best.cosine - runnerUp.cosine)
    } else {
      json.null()
    }
    json.endObject()
    try results.write(json.takeText())
    self.json = json
  }

  /// There will be no more.
  mutating func finish() throws(FaceqError) {
    if var json {
      json.endArray()
      try results.write(json.takeText() + "\n")
    }
    try results.finish()
  }

  private func text(
    _ photo: String, _ best: PersonSearch.Candidate, _ runnerUp: PersonSearch.Candidate?
  ) -> String {
    let cosine = cosineText(best.cosine)
    var line = "\(photo): "
    line +=
      best.cosine >= threshold
      ? "\(best.person), cosine \(cosine)" : "unknown, nearest \(best.person) with cosine \(cosine)"
    if let runnerUp {
      line += "; runner-up \(runnerUp.person) \(cosineText(runnerUp.cosine)), margin "
      line += cosineText(best.cosine - runnerUp.cosine)
    }
    return line
  }
}
