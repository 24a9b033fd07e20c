import FaceBank
import FaceqSupport
import HTTPService
import QuantRuntime

// What CompreFace's clients ask of faces: https://github.com/exadel-inc/CompreFace, docs/Rest-API-description.md.
extension FaceService {
  static func addCompreFaceRoutes(to router: inout Router<ServiceRoute<Storage>>) {
    let recognition = "/api/v1/recognition"
    router.add(.post, "/api/v1/detection/detect", ServiceRoute(action: .work(FaceService.compreFaceDetect)))
    router.add(.post, "/api/v1/verification/verify", ServiceRoute(action: .work(FaceService.compreFaceVerify)))
    router.add(.post, recognition + "/recognize", ServiceRoute(action: .work(FaceService.compreFaceRecognise)))
    router.add(
      .post, recognition + "/faces/{id}/verify", ServiceRoute(action: .work(FaceService.compreFaceVerifyExample)))
    router.add(.get, recognition + "/subjects", ServiceRoute(action: .work(FaceService.compreFaceSubjects)))
    router.add(.post, recognition + "/subjects", ServiceRoute(action: .work(FaceService.compreFaceAddSubject)))
    router.add(.delete, recognition + "/subjects", ServiceRoute(action: .work(FaceService.compreFaceRemoveSubjects)))
    router.add(.put, recognition + "/subjects/{name}", ServiceRoute(action: .work(FaceService.compreFaceRename)))
    router.add(
      .delete, recognition + "/subjects/{name}", ServiceRoute(action: .work(FaceService.compreFaceRemoveSubject)))
    router.add(.get, recognition + "/faces", ServiceRoute(action: .work(FaceService.compreFaceExamples)))
    router.add(.post, recognition + "/faces", ServiceRoute(action: .work(FaceService.compreFaceAddExample)))
    router.add(.delete, recognition + "/faces", ServiceRoute(action: .work(FaceService.compreFaceRemoveExamples)))
    router.add(
      .delete, recognition + "/faces/{id}", ServiceRoute(action: .work(FaceService.compreFaceRemoveExample)))
    router.add(.get, recognition + "/faces/{id}/img", ServiceRoute(action: .work(FaceService.compreFacePicture)))
  }

  func compreFaceDetect(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let asked = try CompreFaceOptions(call)
    let faces = try asked.faces(in: try call.request.photo(), pipeline, asked.wantsEmbedding ? .all : .none)
    return .json { json in
      json.objects("result", faces) { json, face in asked.writeMembers(of: face, to: &json) }
      writeVersions(asked, to: &json)
    }
  }

  func compreFaceRecognise(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let asked = try CompreFaceOptions(call)
    let faces = try asked.faces(in: try call.request.photo(), pipeline, .all)
    let contents = try withBank { (bank) throws(FaceqError) in try bank.contents() }
    return .json { json in
      json.objects("result", faces) { json, face in
        asked.writeMembers(of: face, to: &json)
        let nearest = face.embedding.map { contents.nearest($0, count: asked.predictions) } ?? []
        json.objects("subjects", nearest) { json, candidate in
          json.member("subject", candidate.person.description)
          json.member("similarity", compreFaceSimilarity(candidate.cosine), fractionDigits: 5)
        }
      }
      writeVersions(asked, to: &json)
    }
  }

  func compreFaceVerify(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let asked = try CompreFaceOptions(call)
    let photos = try call.request.photos().photos
    let source = try compreFacePhoto("source_image", photos)
    let target = try compreFacePhoto("target_image", photos)
    let known = try pipeline.largestFace(in: try pipeline.photo(source.bytes, name: source.name))
    let faces = try asked.faces(in: target, pipeline, .all)
    return .json { json in
      json.objects("result", [known]) { json, known in
        json.object("source_image_face") { json in asked.writeMembers(of: known, to: &json) }
        json.objects("face_matches", faces) { json, face in
          asked.writeMembers(of: face, to: &json)
          json.member("similarity", similarity(known.embedding, face.embedding), fractionDigits: 5)
        }
        writeVersions(asked, to: &json)
      }
    }
  }

  func compreFaceVerifyExample(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let asked = try CompreFaceOptions(call)
    let known = try compreFaceExample(call)
    let faces = try asked.faces(in: try call.request.photo(), pipeline, .all)
    return .json { json in
      json.objects("result", faces) { json, face in
        asked.writeMembers(of: face, to: &json)
        json.member("subject", known.person.description)
        json.member("similarity", similarity(known.embedding, face.embedding), fractionDigits: 5)
      }
      writeVersions(asked, to: &json)
    }
  }

  private func compreFacePhoto(_ field: String, _ photos: [RequestPhoto]) throws(HTTPFailure) -> RequestPhoto {
    guard let photo = photos.first(where: { $0.field.utf8.elementsEqual(field.utf8) }) else {
      throw HTTPFailure(.badRequest, "no_photo", "the form has no file \(field)")
    }
    return photo
  }

  private func similarity(_ known: [Float]?, _ other: [Float]?) -> Double {
    guard let known, let other else { return 0 }
    return compreFaceSimilarity(QuantRuntime.cosine(known, other))
  }

  private func writeVersions(_ asked: CompreFaceOptions, to json: inout JSONWriter) {
    guard asked.wantsStatus else { return }
    json.object("plugins_versions") { json in
      json.member("detector", detector.family)
      json.member("calculator", model.description.architecture)
    }
  }
}
