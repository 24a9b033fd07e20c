internal import FaceqSupport

/// Why something could not be done.
///
/// Every function of FaceqKit that can fail throws this type and no other:
///
///     do throws(FaceError) {
///       try analysis.embedding(of: picture)
///     } catch {
///       if error.kind == .noFace { askForAnotherPhoto() } else { report(error.message) }
///     }
public struct FaceError: Error, Sendable, Equatable {
  /// What kind of failure it is, for a program to tell apart.
  public enum Kind: Sendable {
    /// A number is out of its range, or an array of the wrong size.
    case invalidArgument
    /// The system has not enough memory.
    case outOfMemory
    /// This machine does not have the instruction set, or refuses the threads.
    case unsupported
    /// A model, a detector or a bank cannot be read or written, is damaged, or is something else.
    case unusableFile
    /// A picture cannot be read, is damaged, or has more than 64,000,000 pixels.
    case unusablePicture
    /// A picture shows no face, or none that could be used.
    case noFace
    /// There is no model, or no detector, where one is needed; or a model without a self-test is to test itself.
    case notOpen
    /// A bank is bound to another model.
    case otherModel
    /// The self-test found other bits than it should.
    case wrongResult
  }

  public let kind: Kind
  /// One sentence in English that says what is wrong and what to do.
  public let message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

/// What `body` returns; its error is of `kind`, unless it is about memory.
func failing<Result>(
  as kind: FaceError.Kind, _ body: () throws(FaceqError) -> Result
) throws(FaceError) -> Result {
  do throws(FaceqError) { return try body() } catch {
    throw FaceError(error.cause == .memory ? .outOfMemory : kind, error.message)
  }
}
