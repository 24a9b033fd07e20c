import FaceqSupport
import Foundation
import Testing

func contents(of path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }

/// Runs `body`, which must fail with one sentence that contains each of `parts`.
func expectFailure(
  _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  let error = #expect(throws: FaceqError.self, sourceLocation: sourceLocation) { try body() }
  guard let message = error?.message else { return }
  #expect(!message.contains("\n") && message.count < 500, "not one line: \(message)", sourceLocation: sourceLocation)
  for part in parts {
    #expect(message.contains(part), "'\(part)' is not in: \(message)", sourceLocation: sourceLocation)
  }
}
