import FaceBank
import FaceqSupport
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

  /// Adds what was found of one face.
  ///
  /// - Parameter face: the number of the face in the photo: 1 for the largest.
  mutating func add(
    _ photo: FilePath, face: Int, _ nearest: (best: PersonSearch.Candidate?, runnerUp: PersonSearch.Candidate?)
  ) throws(FaceqError) {
    guard let best = nearest.best else { return }
    guard var json else {
      return try results.write(text(allFaces ? "\(photo), face \(face)" : "\(photo)", best, nearest.runnerUp) + "\n")
    }
    json.object { json in
      json.member("path", photo)
      json.member("face", face)
      json.member("person", best.cosine >= threshold ? best.person.description : nil)
      json.member("nearest", best.person.description)
      json.member("cosine", best.cosine)
      json.member("runner_up", nearest.runnerUp?.person.description)
      if let runnerUp = nearest.runnerUp {
        json.member("runner_up_cosine", runnerUp.cosine)
        json.member("margin", best.cosine - runnerUp.cosine)
      }
    }
    try results.write(json.takeText())
    self.json = json
  }

  /// Writes the end of the report.
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
