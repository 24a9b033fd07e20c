/// Why something could not be done: one sentence for the user that names the file and what to do.
///
/// The only error type of the runtime: Embedded Swift needs typed throws, and every failure ends as a line on stderr.
public struct FaceqError: Error, Sendable, Equatable {
  public var message: String

  public init(_ message: String) { self.message = message }
}
