import FaceqSupport

/// Why the program ends without success.
enum BoardError: Error {
  /// A mistake on the command line: exit status 64, as `faceq` has it.
  case use(String)
  /// Exit status 1.
  case failure(FaceqError)
}
