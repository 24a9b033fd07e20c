import FaceBank
import FaceImages
import FaceqSupport
import HTTPService
import QuantRuntime

// What DeepStack's clients ask: https://github.com/johnolafenwa/DeepStack.
extension FaceService {
  static func addDeepStackRoutes(to router: inout Router<ServiceRoute<Storage>>) {
    let face = "/v1/vision/face"
    router.add(.post, face, ServiceRoute(action: .work(FaceService.deepStackDetect)))
    router.add(.post, face + "/recognize", ServiceRoute(action: .work(FaceService.deepStackRecognise)))
    router.add(.post, face + "/register", ServiceRoute(action: .work(FaceService.deepStackRegister)))
    router.add(.post, face + "/list", ServiceRoute(action: .work(FaceService.deepStackList)))
    router.add(.post, face + "/delete", ServiceRoute(action: .work(FaceService.deepStackDelete)))
    router.add(.post, face + "/match", ServiceRoute(action: .work(FaceService.deepStackMatch)))
  }

  func deepStackDetect(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let (photos, fields) = try call.request.photos()
    let least = try confidence(fields) ?? 0.4
    let faces = try pipeline.faces(in: try pipeline.photo(photos[0].bytes, name: photos[0].name), embedding: .none)
    return success { json in
      json.objects("predictions", faces.filter { $0.face.score >= least }) { json, face in
        json.member("confidence", face.face.score)
        json.deepStackBox(of: face)
      }
    }
  }

  /// Who is not as alike as `min_confidence` asks, 0.67 unless given, is `unknown`.
  func deepStackRecognise(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let (photos, fields) = try call.request.photos()
    let least = try confidence(fields) ?? 0.67
    let faces = try pipeline.faces(in: try pipeline.photo(photos[0].bytes, name: photos[0].name), embedding: .all)
    let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
    return success { json in
      json.objects("predictions", faces) { json, face in
        let best = face.embedding.flatMap { contents.nearest($0).first }
        let known = best.flatMap { deepStackSimilarity($0.cosine) >= least ? $0 : nil }
        json.member("confidence", known.map { deepStackSimilarity($0.cosine) } ?? 0)
        json.member("userid", known?.person.description ?? "unknown")
        json.deepStackBox(of: face)
      }
    }
  }

  func deepStackRegister(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let (photos, fields) = try call.request.photos()
    let name = try personName(text(fields, "userid"))
    let isKnown = try person(name) != nil
    _ = try enrol(photos, as: name, pipeline)
    return success { json in json.member("message", isKnown ? "face updated" : "face added") }
  }

  func deepStackList(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
    return success { json in json.member("faces", contents.people.map { $0.name.description }) }
  }

  /// That somebody is not there is no failure.
  func deepStackDelete(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let name = try personName(text(try call.request.formParts() ?? [], "userid"))
    _ = try changeBank { (bank) throws(FaceqError) in try bank.remove(name) }
    return success { _ in }
  }

  func deepStackMatch(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let photos = try call.request.photos().photos
    guard photos.count == 2 else { throw HTTPFailure(.badRequest, "two_photos", "send image1 and image2") }
    var embeddings: [[Float]] = []
    for photo in photos {
      let face = try pipeline.largestFace(in: try pipeline.photo(photo.bytes, name: photo.name))
      embeddings.append(face.embedding ?? [])
    }
    let similarity = deepStackSimilarity(QuantRuntime.cosine(embeddings[0], embeddings[1]))
    return success { json in json.member("similarity", similarity) }
  }

  private func success(_ members: (inout JSONWriter) -> Void) -> HTTPResponse {
    .json { json in
      json.member("success", true)
      members(&json)
    }
  }

  private func confidence(_ fields: [FormPart]) throws(HTTPFailure) -> Float? {
    guard let text = text(fields, "min_confidence") else { return nil }
    return Float(try numberField(text, "min_confidence"))
  }

  private func text(_ fields: [FormPart], _ name: String) -> String? {
    fields.first { $0.name.utf8.elementsEqual(name.utf8) }?.text
  }
}

extension JSONWriter {
  fileprivate mutating func deepStackBox(of face: PhotoFace) {
    let box = face.face.box
    member("x_min", pixel(box.left))
    member("y_min", pixel(box.top))
    member("x_max", pixel(box.right))
    member("y_max", pixel(box.bottom))
  }
}
