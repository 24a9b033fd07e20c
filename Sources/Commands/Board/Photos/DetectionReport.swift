import FaceImages
import FaceqSupport

/// The faces in photos, in pixels of the photos' files, for a reader or as a JSON array.
struct DetectionReport {
  /// One photo's faces, in its pixels.
  struct Entry {
    var photo: Photo
    var faces: [DetectedFace]
    /// For JSON, of each face; nil where its landmarks coincide.
    var qualities: [FaceQuality?] = []
    var milliseconds: (decode: Double, detect: Double)
  }

  private var results: ResultText
  private var json: JSONWriter?
  private(set) var faceCount = 0

  init(json: Bool, _ results: ResultText) {
    self.results = results
    guard json else { return }
    var writer = JSONWriter()
    writer.beginArray()
    self.json = writer
  }

  mutating func add(_ entry: Entry) throws(FaceqError) {
    faceCount += entry.faces.count
    guard json != nil else { return try results.write(text(entry)) }
    json?.object { json in
      json.member("path", entry.photo.path)
      json.member("width", entry.photo.width)
      json.member("height", entry.photo.height)
      json.objects("faces", zip(entry.faces, entry.qualities)) { json, pair in
        let (face, quality) = pair
        let sides = [face.box.left, face.box.top, face.box.right, face.box.bottom]
        json.member("box", sides.map { Hundredths($0) })
        json.member("score", face.score)
        json.member("landmarks", face.landmarks.map { [Hundredths($0.x), Hundredths($0.y)] })
        json.member("upside_down", face.isUpsideDown)
        if let quality {
          json.object("quality") { json in json.members(of: quality) }
        }
      }
    }
    try results.write(json?.takeText() ?? "")
  }

  /// Writes the end of the report.
  mutating func finish() throws(FaceqError) {
    if json != nil {
      json?.endArray()
      try results.write((json?.takeText() ?? "") + "\n")
    }
    try results.finish()
  }

  private func text(_ entry: Entry) -> String {
    var text =
      "\(entry.photo.path): \(counted(entry.faces.count, "face")), decoded in "
      + "\(formatDecimal(entry.milliseconds.decode, fractionDigits: 1)) ms, searched in "
      + "\(formatDecimal(entry.milliseconds.detect, fractionDigits: 1)) ms\n"
    for (index, face) in entry.faces.enumerated() {
      let sides = [face.box.left, face.box.top, face.box.right, face.box.bottom]
        .map { formatDecimal(Double($0), fractionDigits: 1) }.joined(separator: ", ")
      text +=
        "  \(index + 1): score \(formatDecimal(Double(face.score), fractionDigits: 4)), box [\(sides)]"
        + (face.fault(width: entry.photo.width, height: entry.photo.height)
          .map { ", not to be embedded: \($0.explanation)" } ?? "") + "\n"
    }
    return text
  }
}

extension JSONWriter {
  fileprivate mutating func members(of quality: FaceQuality) {
    member("verdict", Double(quality.verdict), fractionDigits: 3)
    member("flaw", quality.flaw?.explanation)
    member("eye_distance", Double(quality.eyeDistance), fractionDigits: 2)
    member("sharpness", Double(quality.sharpness), fractionDigits: 3)
    member("brightness", Double(quality.brightness), fractionDigits: 1)
    member("contrast", Double(quality.contrast), fractionDigits: 1)
    member("clipped", Double(quality.clipped), fractionDigits: 3)
    member("missing", Double(quality.missing), fractionDigits: 3)
    member("yaw", Double(quality.pose.yaw), fractionDigits: 1)
    member("pitch", Double(quality.pose.pitch), fractionDigits: 1)
    member("roll", Double(quality.pose.roll), fractionDigits: 1)
  }
}

/// A place in pixels, to hundredths.
struct Hundredths: JSONValue {
  private let place: Float

  init(_ place: Float) { self.place = place }

  func write(to json: inout JSONWriter) { json.value(Double(place), fractionDigits: 2) }
}
