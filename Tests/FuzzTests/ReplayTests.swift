import Foundation
import FuzzTargets
import Testing

/// What scripts/fuzz does for hours, for a moment: every target reads its seeds and its committed corpus, and then mutations
/// of both. Whatever ends the process here is a finding.
///
/// One at a time: targets share files in memory.
@Suite(.serialized) struct ReplayTests {
  private let corpus = URL(fileURLWithPath: #filePath).appending(path: "../../../Fuzz/Corpus").standardizedFileURL

  @Test(arguments: FuzzTarget.all.map(\.name))
  func replay(_ name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let inputs = try inputs(target)
    #expect(!inputs.isEmpty)
    for input in inputs { input.withUnsafeBytes { target.run($0) } }
    var mutations = Mutations(of: inputs, seed: 1)
    for _ in 0..<executions(name) { mutations.next().withUnsafeBytes { target.run($0) } }
  }

  /// Every folder of the corpus belongs to a target.
  @Test func targets() throws {
    let names = Set(FuzzTarget.all.map(\.name))
    #expect(names.count == FuzzTarget.all.count)
    for folder in try FileManager.default.contentsOfDirectory(atPath: corpus.path) { #expect(names.contains(folder)) }
  }

  /// The seeds and the committed inputs, in an order that does not depend on the folder's.
  private func inputs(_ target: FuzzTarget) throws -> [[UInt8]] {
    let seeds = try target.seeds().sorted { $0.key < $1.key }.map(\.value)
    let folder = corpus.appending(path: target.name)
    guard FileManager.default.fileExists(atPath: folder.path) else { return seeds }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    return try seeds + names.map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
  }

  /// As many as take about a second.
  private func executions(_ name: String) -> Int {
    switch name {
    case "network", "model", "http": 200
    default: 2000
    }
  }
}
