internal import CEvent

/// What a request wants done.
package enum HTTPMethod: String, Sendable {
  case get = "GET"
  case post = "POST"
  case put = "PUT"
  case patch = "PATCH"
  case delete = "DELETE"
  case head = "HEAD"
  /// All that no route takes.
  case other = "OTHER"

  /// - Parameter command: libevent's number.
  init(command: Int32) {
    self =
      switch command {
      case Int32(evhttp_get): .get
      case Int32(evhttp_post): .post
      case Int32(evhttp_put): .put
      case Int32(evhttp_patch): .patch
      case Int32(evhttp_delete): .delete
      case Int32(evhttp_head): .head
      default: .other
      }
  }
}
