import FaceBank
import FaceImages
import FaceqSupport
import HTTPService
import QuantRuntime

// What is done with photos alone.
extension FaceService {
  func detect(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    try answer(call, pipeline, .none) { json, face in json.members(of: face) }
  }

  func embed(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    try answer(call, pipeline, .all) { json, face in
      json.members(of: face)
      json.member("embedding", face.embedding)
    }
  }

  private func answer(
    _ call: ServiceCall, _ pipeline: FacePipeline, _ embedding: FacePipeline.Embedding,
    _ members: (inout JSONWriter, PhotoFace) -> Void
  ) throws(HTTPFailure) -> HTTPResponse {
    let sent = try call.request.photo()
    let photo = try pipeline.photo(sent.bytes, name: sent.name)
    let faces = try pipeline.faces(in: photo, embedding: embedding)
    return .json { json in
      json.member("width", photo.width)
      json.member("height", photo.height)
      json.objects("faces", faces, members)
    }
  }

  func compare(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let photos = try call.request.photos().photos
    guard photos.count == 2 else { throw HTTPFailure(.badRequest, "two_photos", "send two photos to be compared") }
    var faces: [PhotoFace] = []
    for sent in photos {
      faces.append(try pipeline.largestFace(in: try pipeline.photo(sent.bytes, name: sent.name)))
    }
    guard let first = faces[0].embedding, let second = faces[1].embedding else {
      throw HTTPFailure(.internalError, "no_embedding", "a face has no embedding")
    }
    let cosine = QuantRuntime.cosine(first, second)
    let threshold = try asked(call)
    return .json { json in
      json.member("cosine", cosine)
      json.member("threshold", threshold)
      json.member("same", cosine >= threshold)
      json.objects("faces", faces) { json, face in json.members(of: face) }
    }
  }

  func identify(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let sent = try call.request.photo()
    let threshold = try asked(call)
    let photo = try pipeline.photo(sent.bytes, name: sent.name)
    let faces = try pipeline.faces(in: photo, embedding: .all)
    let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
    return .json { json in
      json.member("width", photo.width)
      json.member("height", photo.height)
      json.member("threshold", threshold)
      json.objects("faces", faces) { json, face in
        json.members(of: face)
        let nearest = face.embedding.map { contents.nearest($0) } ?? []
        let best = nearest.first
        json.member("name", best.flatMap { $0.cosine >= threshold ? $0.person.description : nil })
        json.member("nearest", best?.person.description)
        json.member("cosine", best?.cosine)
        json.member("margin", nearest.count > 1 ? nearest[0].cosine - nearest[1].cosine : nil)
      }
    }
  }

  /// The cosine that identifies a person, as the request wants it.
  private func asked(_ call: ServiceCall) throws(HTTPFailure) -> Float {
    guard let threshold = try call.number("threshold") else { return threshold }
    guard (-1...1).contains(threshold) else {
      throw HTTPFailure(.badRequest, "bad_number", "threshold is a cosine, from -1 to 1")
    }
    return Float(threshold)
  }
}
