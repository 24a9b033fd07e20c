import FaceqSupport

/// Something that reads what strangers wrote.
package struct FuzzTarget: Sendable {
  package var name: String
  /// What the bytes are, and what is done with what is accepted.
  package var summary: String
  /// Small inputs from which mutations begin, by name; nothing where they are committed files only.
  package var seeds: @Sendable () throws -> [String: [UInt8]]
  /// Reads the bytes. Whatever they are, this returns: a trap, a sanitizer's report or too much time is a finding.
  package var run: @Sendable (UnsafeRawBufferPointer) -> Void

  init(
    _ name: String, _ summary: String, seeds: @escaping @Sendable () throws -> [String: [UInt8]] = { [:] },
    run: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
  ) {
    self.name = name
    self.summary = summary
    self.seeds = seeds
    self.run = run
  }

  package static let all: [FuzzTarget] =
    checkpointTargets + [onnxTarget] + modelTargets + bankTargets + listingTargets + imageTargets + textTargets
    + requestTargets + [mjpegTarget]
}

/// Carries out what may fail; that it fails with a sentence is right, but not with what a terminal would obey.
func expectSentence(_ body: () throws(FaceqError) -> Void) {
  do { try body() } catch {
    precondition(!error.message.isEmpty, "an error says nothing")
    for scalar in error.message.unicodeScalars {
      let isControl = scalar.value < 0x20 && scalar != "\n" || (0x7f..<0xa0).contains(scalar.value)
      if isControl { fatalError("an error has a control character: \(error.message.debugDescription)") }
    }
  }
}
