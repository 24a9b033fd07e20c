import FaceBank
import QuantRuntime

/// Who the faces in photos are, for a reader or as JSON.
struct IdentificationReport {
  private struct Row {
    var photo: FilePath
    /// From 1 on, largest first.
    var face: Int
    var best: PersonSearch.Candidate
    var runnerUp: PersonSearch.Candidate?
  }

  private let threshold: Float
  private var rows: [Row] = []

  init(threshold: Float) { self.threshold = threshold }

  var isEmpty: Bool { rows.isEmpty }

  mutating func add(
    _ photo: FilePath, face: Int, _ nearest: (best: PersonSearch.Candidate?, runnerUp: PersonSearch.Candidate?)
  ) {
    guard let best = nearest.best else { return }
    rows.append(Row(photo: photo, face: face, best: best, runnerUp: nearest.runnerUp))
  }

  private func isKnown(_ row: Row) -> Bool { row.best.cosine >= threshold }

  /// A line for each face.
  func text(allFaces: Bool) -> String {
    rows.map { row in
      let photo = allFaces ? "\(row.photo), face \(row.face)" : row.photo.description
      let best = cosineText(row.best.cosine)
      var line = isKnown(row) ? "\(photo): \(row.best.person), cosine \(best)" : "\(photo): unknown, nearest "
      if !isKnown(row) { line += "\(row.best.person) with cosine \(best)" }
      if let runnerUp = row.runnerUp {
        line += "; runner-up \(runnerUp.person) \(cosineText(runnerUp.cosine)), margin "
        line += cosineText(row.best.cosine - runnerUp.cosine)
      }
      return line
    }.joined(separator: "\n")
  }

  func json() -> String {
    var json = JSONWriter()
    json.beginArray()
    for row in rows {
      json.beginObject()
      json.key("path")
      json.value(row.photo)
      json.key("face")
      json.value(row.face)
      json.key("person")
      if isKnown(row) { json.value(row.best.person) } else { json.null() }
      json.key("nearest")
      json.value(row.best.person)
      json.key("cosine")
      json.value(row.best.cosine)
      json.key("runner_up")
      if let runnerUp = row.runnerUp {
        json.value(runnerUp.person)
        json.key("runner_up_cosine")
        json.value(runnerUp.cosine)
        json.key("margin")
        json.value(row.best.cosine - runnerUp.cosine)
      } else {
        json.null()
      }
      json.endObject()
    }
    json.endArray()
    return json.text
  }
}
