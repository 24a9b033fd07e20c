import FaceBank
import FaceImages
import FaceWatch
import FaceqSupport
import HTTPService

// What a watch has seen of late.
extension FaceService {
  func snapshot(_ call: ServiceCall) throws(HTTPFailure) -> HTTPResponse {
    guard let id = Int(call.parameters[0]), let picture = try live.snapshot(id) else {
      throw HTTPFailure(.notFound, "no_snapshot", "there is no picture of this event, or none any more")
    }
    return HTTPResponse(type: "image/jpeg", body: picture)
  }

  func livePicture(_ call: ServiceCall, _ pipeline: FacePipeline) throws(HTTPFailure) -> HTTPResponse {
    let frame = try live.lastFrame()
    guard let picture = try? frame.jpeg() else {
      throw HTTPFailure(.unavailable, "no_frame", "the last frame is broken", retryAfter: 1)
    }
    return HTTPResponse(type: "image/jpeg", body: picture)
  }

  func liveFaces(_ call: ServiceCall) throws(HTTPFailure) -> HTTPResponse {
    let frame = try live.lastFrame()
    return .json { json in
      json.member("number", frame.number)
      json.member("time", timestampText(frame.time))
      json.member("width", frame.width)
      json.member("height", frame.height)
      json.objects("faces", frame.faces) { json, face in
        json.member("track", face.track)
        json.member("box", [face.box.left, face.box.top, face.box.right, face.box.bottom].map { Hundredths($0) })
        json.member("decided", face.isDecided)
        json.member("name", face.name?.description)
        json.member("cosine", face.cosine)
      }
    }
  }
}
