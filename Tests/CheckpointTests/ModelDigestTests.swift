import Checkpoint
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// The digest stands for what decides the embeddings, and for nothing else.
@Suite("Model digest", .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)))
struct ModelDigestTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func imported(_ checkpoint: String) throws -> ImportedNetwork {
    try importCheckpoint(path: FilePath(checkpoint))
  }

  private func model(_ graph: Graph<FloatLayer>, _ description: ModelDescription) throws -> Model {
    let path = FilePath(folder(UUID().uuidString))
    try graph.write(to: path, description)
    return try Model(path: path)
  }

  @Test func neitherNamesNorFormatsCount() throws {
    let first = try imported(TestData.checkpoint("tiny_ir", in: folder))
    let expected = try model(first.graph, first.description)
    let other = try imported(TestData.checkpoint("tiny_ir", ["--format", "zip", "--nested"], in: folder))
    let saved = try model(other.graph, other.description)
    #expect(first.source.name != other.source.name && first.source.sha256 != other.source.sha256)
    #expect(saved.digest == expected.digest)

    var described = first.description
    described.architecture = "another"
    described.isStandIn = true
    described.parameters = 1
    #expect(try model(first.graph, described).digest == expected.digest)
  }

  @Test func whatDecidesTheEmbeddingsCounts() throws {
    let first = try imported(TestData.checkpoint("tiny_ir_se", in: folder))
    let text = first.description
    let expected = try model(first.graph, text).digest
    var digests = [expected]
    func add(_ graph: Graph<FloatLayer>) throws { digests.append(try model(graph, text).digest) }
    func addImage(_ change: (inout ImageFormat) -> Void) throws {
      var (graph, image) = (first.graph, try first.graph.image)
      change(&image)
      graph.nodes[0].operation = .image(image)
      try add(graph)
    }
    try addImage { $0.channels = $0.channels == .bgr ? .rgb : .bgr }
    try addImage { $0.deviation = [128, 128, 128] }
    try add(first.graph.changing("stem.0", tensor: 0) { $0[5] += 0.25 })
    try add(first.graph.changing("head", tensor: 1) { $0[0] += 0.25 })
    try add(first.graph.changing("blocks.0.body.0", tensor: 2) { $0 = $0.map { _ in 1 } })
    try add(first.graph.changing("blocks.1.se", tensor: 1) { $0[0] += 0.25 })
    try add(first.graph.changing("head", tensor: 0) { $0.swapAt(0, 1) })
    var other = first.graph
    let sum = try #require(other.index(named: "blocks.1"))
    guard case .add(var addition) = other.nodes[sum].operation else { throw FaceqError("it is an addition") }
    addition.activation = .relu
    other.nodes[sum].operation = .add(addition)
    try add(other)
    #expect(Set(digests).count == digests.count, "\(digests)")
  }
}
