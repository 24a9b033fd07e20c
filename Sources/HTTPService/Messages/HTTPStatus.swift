/// The answers' numbers that this service gives.
package enum HTTPStatus: Int, Sendable {
  case ok = 200
  case created = 201
  case noContent = 204
  case badRequest = 400
  case unauthorised = 401
  case forbidden = 403
  case notFound = 404
  case methodNotAllowed = 405
  case requestTimeout = 408
  case conflict = 409
  case lengthRequired = 411
  case contentTooLarge = 413
  case unsupportedMediaType = 415
  case expectationFailed = 417
  case unprocessable = 422
  case tooManyRequests = 429
  case internalError = 500
  case notImplemented = 501
  case unavailable = 503
  case insufficientStorage = 507

  package var reason: StaticString {
    switch self {
    case .ok: "OK"
    case .created: "Created"
    case .noContent: "No Content"
    case .badRequest: "Bad Request"
    case .unauthorised: "Unauthorized"
    case .forbidden: "Forbidden"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .requestTimeout: "Request Timeout"
    case .conflict: "Conflict"
    case .lengthRequired: "Length Required"
    case .contentTooLarge: "Content Too Large"
    case .unsupportedMediaType: "Unsupported Media Type"
    case .expectationFailed: "Expectation Failed"
    case .unprocessable: "Unprocessable Content"
    case .tooManyRequests: "Too Many Requests"
    case .internalError: "Internal Server Error"
    case .notImplemented: "Not Implemented"
    case .unavailable: "Service Unavailable"
    case .insufficientStorage: "Insufficient Storage"
    }
  }
}
