import CSystem
import HTTPService

/// The number that the text of a field is.
///
/// - Throws: where it is anything else.
func numberField(_ text: String, _ name: String) throws(HTTPFailure) -> Double {
  let number: Float? = text.withCString { start in
    var end: UnsafeMutablePointer<CChar>?
    let number = strtof(start, &end)
    return end?.pointee == 0 && start.pointee != 0 && number.isFinite ? number : nil
  }
  guard let number else { throw HTTPFailure(.badRequest, "bad_number", "\(name) is a number, and this is none") }
  return Double(number)
}
