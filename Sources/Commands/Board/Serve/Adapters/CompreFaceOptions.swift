import FaceImages
import FaceqSupport
import HTTPService

/// What a request of CompreFace's clients asks for in its query.
struct CompreFaceOptions {
  /// How many faces at most; 0 is all.
  private var limit = 0
  private(set) var predictions = 1
  private var score: Float = 0
  private(set) var wantsStatus = false
  private var wantsLandmarks = false
  private(set) var wantsEmbedding = false

  init(_ call: ServiceCall) throws(HTTPFailure) {
    limit = Int(min(max(try call.number("limit") ?? 0, 0), 10_000))
    predictions = Int(min(max(try call.number("prediction_count") ?? 1, 0), 100))
    score = Float(try call.number("det_prob_threshold") ?? 0)
    wantsStatus = call.request.target["status"].map { lowercasedASCII($0).utf8.elementsEqual("true".utf8) } ?? false
    for plugin in (call.request.target["face_plugins"] ?? "").utf8.split(separator: UInt8(ascii: ",")) {
      let name = plugin.filter { $0 != 0x20 }
      if name.elementsEqual("landmarks".utf8) { wantsLandmarks = true }
      if name.elementsEqual("calculator".utf8) { wantsEmbedding = true }
    }
  }

  /// The faces that are asked for; a photo without any is an error.
  func faces(
    in sent: RequestPhoto, _ pipeline: FacePipeline, _ embedding: FacePipeline.Embedding
  ) throws(HTTPFailure) -> [PhotoFace] {
    let found = try pipeline.faces(in: try pipeline.photo(sent.bytes, name: sent.name), embedding: embedding)
    let wanted = found.filter { $0.face.score >= score && (embedding == .none || $0.embedding != nil) }
    guard !wanted.isEmpty else {
      throw HTTPFailure(.unprocessable, "no_face", "\(sent.name) shows no face that could be found")
    }
    return limit > 0 ? Array(wanted.prefix(limit)) : wanted
  }

  /// What CompreFace tells about a face.
  func writeMembers(of face: PhotoFace, to json: inout JSONWriter) {
    let box = face.face.box
    json.object("box") { json in
      json.member("probability", Double(face.face.score), fractionDigits: 5)
      json.member("x_max", pixel(box.right))
      json.member("y_max", pixel(box.bottom))
      json.member("x_min", pixel(box.left))
      json.member("y_min", pixel(box.top))
    }
    if wantsLandmarks { json.member("landmarks", face.face.landmarks.map { [pixel($0.x), pixel($0.y)] }) }
    if wantsEmbedding { json.member("embedding", face.embedding) }
  }
}
