/// Why something could not be done: one sentence for the user that names the file and what to do.
///
/// The only error type of the runtime: Embedded Swift needs typed throws, and every failure ends as a line on stderr.
public struct FaceqError: Error, Sendable, Equatable {
  /// What a program may want to tell apart.
  package enum Cause: Sendable {
    case other
    /// There is not enough memory.
    case memory
  }

  public var message: String
  package var cause: Cause = .other

  public init(_ message: String) { self.message = message }

  package init(_ message: String, _ cause: Cause) {
    self.message = message
    self.cause = cause
  }
}
