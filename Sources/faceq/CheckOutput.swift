import QuantRuntime

/// Finds out before the work, not after it, that its result could not be written, or would replace what it is made from.
func checkOutput(_ output: String, isNot input: String) throws(FaceqError) {
  guard !isSameFile(input, output) else {
    throw FaceqError("\(output) is what the command reads; name another file with -o")
  }
  _ = try AtomicFile(path: output)
}
