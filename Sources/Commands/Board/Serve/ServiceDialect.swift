import FaceqSupport
import HTTPService

/// In whose form failures are told.
enum ServiceDialect {
  case faceq, compreFace, deepStack

  init(path: [String]) {
    func begins(_ parts: [String]) -> Bool {
      path.count >= 2 && zip(path, parts).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
    self = begins(["api", "v1"]) ? .compreFace : begins(["v1", "vision"]) ? .deepStack : .faceq
  }

  func response(_ failure: HTTPFailure) -> HTTPResponse {
    switch self {
    case .faceq: return failure.response
    case .compreFace:
      // Its clients know a photo without a face by the number 28.
      let isFace = ["no_face", "unusable_face"].contains { failure.code.utf8.elementsEqual($0.utf8) }
      return failure.withHeaders(
        .json(isFace ? .badRequest : failure.status) { json in
          json.member("message", isFace ? "No face is found in the given image" : failure.message)
          json.member("code", isFace ? 28 : failure.status.rawValue)
        })
    case .deepStack:
      // Its clients know no more than 400 for what is wrong with a photo.
      let isPhoto = [.unsupportedMediaType, .unprocessable, .contentTooLarge].contains(failure.status)
      let status = isPhoto ? .badRequest : failure.status
      return failure.withHeaders(
        .json(status) { json in
          json.member("success", false)
          json.member("error", failure.message)
          json.member("code", status.rawValue)
        })
    }
  }
}
