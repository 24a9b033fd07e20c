/// Finds what is to be done for a method and a path.
package struct Router<Route> {
  /// A route that was found, with the parts of the path that its pattern leaves open.
  package struct Match {
    package var route: Route
    package var parameters: [String]
  }

  private struct Entry {
    var method: HTTPMethod
    /// Nil stands for any part.
    var pattern: [String?]
    var route: Route
  }

  private var entries: [Entry] = []

  package init() {}

  /// - Parameter path: `/people/{name}`; what is in braces stands for any part.
  package mutating func add(_ method: HTTPMethod, _ path: String, _ route: Route) {
    let pattern = path.utf8.split(separator: UInt8(ascii: "/")).map { part -> String? in
      part.first == UInt8(ascii: "{") ? nil : String(decoding: part, as: UTF8.self)
    }
    entries.append(Entry(method: method, pattern: pattern, route: route))
  }

  /// The route for a request; HEAD is asked as GET.
  ///
  /// - Throws: where there is no such path, or no such method on it.
  package func match(_ method: HTTPMethod, _ path: [String]) throws(HTTPFailure) -> Match {
    let asked = method == .head ? .get : method
    var allowed: [HTTPMethod] = []
    for entry in entries where fits(entry.pattern, path) {
      if entry.method == asked {
        let parameters = zip(entry.pattern, path).filter { $0.0 == nil }.map { $0.1 }
        return Match(route: entry.route, parameters: parameters)
      }
      allowed.append(entry.method)
    }
    guard !allowed.isEmpty else { throw HTTPFailure(.notFound, "not_found", "there is nothing under this path") }
    var failure = HTTPFailure(.methodNotAllowed, "method_not_allowed", "this path does not know the method")
    failure.allowed = allowed
    throw failure
  }

  private func fits(_ pattern: [String?], _ path: [String]) -> Bool {
    pattern.count == path.count
      && zip(pattern, path).allSatisfy { part, given in part.map { $0.utf8.elementsEqual(given.utf8) } ?? true }
  }
}
