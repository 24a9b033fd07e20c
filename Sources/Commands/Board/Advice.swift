import FaceqSupport

/// Runs `body`, and adds to the sentence of its error how the user says it on the command line: libraries do not know.
func advising<Result>(
  _ advice: String, _ body: () throws(FaceqError) -> Result
) throws(FaceqError) -> Result {
  do { return try body() } catch { throw FaceqError("\(error.message); \(advice)") }
}
