import Foundation

/// The path of a script of these tests.
func testScript(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Scripts/\(name)").path
}
