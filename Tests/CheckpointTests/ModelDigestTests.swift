import Checkpoint
import Foundation
import QuantRuntime
import Testing

/// The digest stands for what decides the embeddings, and for nothing else.
@Suite("Model digest", .enabled(if: TestData.hasShared, Comment(rawValue: TestData.sharedMissing)))
struct ModelDigestTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func imported(_ checkpoint: String) throws -> ImportedNetwork {
    try importCheckpoint(path: FilePath(checkpoint))
  }

  private func model(_ network: Network, _ description: ModelDescription) throws -> Model {
    let path = FilePath(folder.path(UUID().uuidString))
    try network.write(to: path, description)
    return try Model(path: path)
  }

  private func description(_ imported: ImportedNetwork) -> ModelDescription {
    ModelDescription(
      architecture: imported.architecture, parameters: imported.parameters,
      source: ModelDescription.Source(name: imported.sourceName, sha256: imported.sourceSHA256), isStandIn: false)
  }

  @Test func neitherNamesNorFormatsCount() throws {
    let first = try imported(TestData.checkpoint("tiny_ir", in: folder))
    let expected = try model(first.network, description(first))
    let other = try imported(TestData.checkpoint("tiny_ir", ["--format", "zip", "--nested"], in: folder))
    let saved = try model(other.network, description(other))
    #expect(first.sourceName != other.sourceName && first.sourceSHA256 != other.sourceSHA256)
    #expect(saved.digest == expected.digest)
    #expect(saved.formerDigest != expected.formerDigest)

    var described = description(first)
    described.architecture = "another"
    described.isStandIn = true
    described.parameters = 1
    #expect(try model(first.network, described).digest == expected.digest)
  }

  @Test func whatDecidesTheEmbeddingsCounts() throws {
    let first = try imported(TestData.checkpoint("tiny_ir_se", in: folder))
    let text = description(first)
    let expected = try model(first.network, text).digest
    func changed(_ change: (inout Network) -> Void) throws -> String {
      var network = first.network
      change(&network)
      return try model(network, text).digest
    }
    var digests = [expected]
    digests.append(try changed { $0.input.channels = $0.input.channels == .bgr ? .rgb : .bgr })
    digests.append(try changed { $0.input.divisor = 128 })
    digests.append(try changed { $0.stem[0].weights[5] += 0.25 })
    digests.append(try changed { $0.head.bias[0] += 0.25 })
    digests.append(try changed { $0.blocks[0].body[0].slopes = nil })
    digests.append(try changed { $0.blocks[1].squeezeExcite = nil })
    digests.append(try changed { network in network.head.weights.swapAt(0, 1) })
    #expect(Set(digests).count == digests.count, "\(digests)")
  }
}
