import FaceqSupport

/// Fails where a file could not be written to `path`: better known before the work than after it.
package func checkWritable(_ path: FilePath) throws(FaceqError) { _ = try AtomicFile(path: path) }

/// Fails where a command would replace the file it reads, through whatever links.
package func refuseToOverwrite(_ input: FilePath, with output: FilePath) throws(FaceqError) {
  if isSameFile(input, output) { throw FaceqError("\(output) is the input itself; name another file with -o") }
}

/// Writes a text file whole, or leaves what was there before as it was.
package func writeText(_ text: String, to path: FilePath) throws(FaceqError) {
  var file = try AtomicFile(path: path)
  try file.write(Array(text.utf8))
  try file.commit()
}
