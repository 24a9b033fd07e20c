import FaceBank
import FaceImages
import FaceqSupport
import HTTPService

// What Immich asks of its machine learning about faces: https://github.com/immich-app/immich, machine-learning.
extension FaceService {
  static func addImmichRoutes(to router: inout Router<ServiceRoute<Storage>>) {
    router.add(.get, "/ping", ServiceRoute(action: .quick(FaceService.immichPing), isOpen: true))
    router.add(.post, "/predict", ServiceRoute(action: .work(FaceService.immichPredict)))
  }

  func immichPing(_ call: ServiceCall) throws(HTTPFailure) -> HTTPResponse { .text("pong") }

  /// The models that a request names are not looked at: there is one.
  func immichPredict(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let (photos, fields) = try call.request.photos()
    let entries = fields.first { $0.name.utf8.elementsEqual("entries".utf8) }.flatMap { JSONContent($0.content) }
    guard let task = entries?.member("facial-recognition") else {
      throw HTTPFailure(.unprocessable, "other_task", "this service answers facial-recognition only")
    }
    let least = task.member("detection")?.member("options")?.member("minScore")?.number ?? 0
    let photo = try pipeline.photo(photos[0].bytes, name: photos[0].name)
    let faces = try pipeline.faces(in: photo, embedding: .all).filter {
      Double($0.face.score) >= least && $0.embedding != nil
    }
    return .json { json in
      json.objects("facial-recognition", faces) { json, face in
        let box = face.face.box
        json.object("boundingBox") { json in
          json.member("x1", pixel(box.left))
          json.member("y1", pixel(box.top))
          json.member("x2", pixel(box.right))
          json.member("y2", pixel(box.bottom))
        }
        var embedding = JSONWriter()
        (face.embedding ?? []).write(to: &embedding)
        json.member("embedding", embedding.text)
        json.member("score", face.face.score)
      }
      json.member("imageHeight", photo.height)
      json.member("imageWidth", photo.width)
    }
  }
}
