import FaceImages
import QuantRuntime

/// The faces in photos, in pixels of the photos' files.
struct DetectionReport {
  private struct Entry {
    var path: FilePath
    var width: Int
    var height: Int
    var faces: [DetectedFace]
    var milliseconds: (decode: Double, detect: Double)
  }

  private var entries: [Entry] = []

  var faceCount: Int { entries.reduce(0) { $0 + $1.faces.count } }

  mutating func add(
    _ path: FilePath, _ photo: Photo, _ faces: [DetectedFace], decodeSeconds: Double, detectSeconds: Double
  ) {
    entries.append(
      Entry(
        path: path, width: photo.image.width * photo.reduction, height: photo.image.height * photo.reduction,
        faces: faces.map { $0.enlarged(photo) }, milliseconds: (decodeSeconds * 1000, detectSeconds * 1000)))
  }

  func text() -> String {
    var lines: [String] = []
    for entry in entries {
      lines.append(
        "\(entry.path): \(counted(entry.faces.count, "face")), decoded in "
          + "\(formatDecimal(entry.milliseconds.decode, fractionDigits: 1)) ms, searched in "
          + "\(formatDecimal(entry.milliseconds.detect, fractionDigits: 1)) ms")
      for (index, face) in entry.faces.enumerated() {
        let sides = [face.box.left, face.box.top, face.box.right, face.box.bottom]
          .map { formatDecimal(Double($0), fractionDigits: 1) }.joined(separator: ", ")
        lines.append(
          "  \(index + 1): score \(formatDecimal(Double(face.box.score), fractionDigits: 4)), box [\(sides)]"
            + (FaceFault(landmarks: face.landmarks, width: entry.width, height: entry.height)
              .map { ", not to be embedded: \($0.explanation)" } ?? ""))
      }
    }
    return lines.joined(separator: "\n")
  }

  func json() -> String {
    var json = JSONWriter()
    json.beginArray()
    for entry in entries {
      json.beginObject()
      json.key("path")
      json.value(entry.path)
      json.key("width")
      json.value(entry.width)
      json.key("height")
      json.value(entry.height)
      json.key("faces")
      json.beginArray()
      for face in entry.faces { write(face, &json) }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    return json.text
  }

  private func write(_ face: DetectedFace, _ json: inout JSONWriter) {
    json.beginObject()
    json.key("box")
    json.beginArray()
    for side in [face.box.left, face.box.top, face.box.right, face.box.bottom] {
      json.value(Double(side), fractionDigits: 2)
    }
    json.endArray()
    json.key("score")
    json.value(face.box.score)
    json.key("landmarks")
    json.beginArray()
    for point in face.landmarks {
      json.beginArray()
      json.value(Double(point.x), fractionDigits: 2)
      json.value(Double(point.y), fractionDigits: 2)
      json.endArray()
    }
    json.endArray()
    json.endObject()
  }
}

extension DetectedFace {
  /// The same face in the file's own pixels.
  fileprivate func enlarged(_ photo: Photo) -> DetectedFace {
    guard photo.reduction > 1 else { return self }
    // Boxes count from 1, points from 0.
    let first = photo.original(Point(x: box.left - 1, y: box.top - 1))
    let last = photo.original(Point(x: box.right - 1, y: box.bottom - 1))
    return DetectedFace(
      box: CandidateBox(
        left: first.x + 1, top: first.y + 1, right: last.x + 1, bottom: last.y + 1, score: box.score),
      landmarks: landmarks.map { photo.original($0) })
  }
}
