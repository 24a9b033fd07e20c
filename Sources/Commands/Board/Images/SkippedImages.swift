import FaceqSupport

/// Names the images that cannot be used, counts them, and says at the end how many they were.
package struct SkippedImages {
  private let console: Console
  private let isStrict: Bool
  /// Whether there is only one image, without which nothing can be done.
  private let isOnly: Bool
  private(set) var used = 0
  private(set) var count = 0

  package init(_ inputs: ImageInputs, total: Int?, _ console: Console) {
    self.console = console
    isStrict = inputs.isStrict
    isOnly = total == 1
  }

  /// Counts an image that could be used.
  mutating func use() { used += 1 }

  /// Names and counts an image that cannot be used.
  ///
  /// - Throws: where that is all there was to do, or with `isStrict`.
  package mutating func skip(_ fault: FaceqError) throws(FaceqError) {
    if isOnly { throw fault }
    if isStrict { throw strictFault(fault.message) }
    console.note("skipped: \(fault.message)")
    count += 1
  }

  /// - Throws: where none could be used.
  func check() throws(FaceqError) {
    guard used == 0 else { return }
    throw count == 0
      ? FaceqError("there is no image in the list; put one path on each line")
      : FaceqError("none of the \(counted(count, "image")) could be used")
  }

  /// Notes how many images were skipped: the last line of a command that has left something out.
  package func report() { report(used: used) }

  /// Notes how many images were skipped, where another counts those that were used.
  package func report(used: Int) {
    guard count > 0 else { return }
    console.note("\(count) of \(counted(used + count, "image")) \(count == 1 ? "was" : "were") skipped")
  }
}
