import QuantRuntime
import TestSupport
import Testing

/// The float engine against PyTorch's answers, with every instruction set that the machine has.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct FloatGoldenTests {
  @Test(arguments: GoldenNetwork.allCases)
  func embeddingsAreThoseOfPyTorch(_ network: GoldenNetwork) throws {
    let golden = try network.golden()
    #expect(golden.faces.count == 12)
    for name in network.instructionSets {
      for rule in WinogradChoice.Rule.allCases {
        let bgr = try EmbeddingSession(
          golden.bgr, kernels: kernels(name), threads: 2, winograd: WinogradChoice(rule: rule))
        try expectEqual(
          golden.faces.map { try bgr.embed($0) }, golden.embeddings("embedding_bgr"), "\(name), BGR, Winograd \(rule)")
      }
      let bgr = try EmbeddingSession(golden.bgr, kernels: kernels(name), threads: 2)
      let rgb = try EmbeddingSession(golden.rgb, kernels: kernels(name), threads: 1)
      try expectEqual(golden.faces.map { try rgb.embed($0) }, golden.embeddings("embedding_rgb"), "\(name), RGB")
      try expectEqual(
        golden.faces.map { try bgr.embed($0, flip: true) }, golden.embeddings("embedding_bgr_flip"), "\(name), flip")
    }
  }

  private func expectEqual(_ embeddings: [[Float]], _ wanted: [[Float]], _ what: Comment) throws {
    try #require(embeddings.count == wanted.count)
    for (embedding, answer) in zip(embeddings, wanted) {
      try #require(embedding.count == answer.count)
      #expect(cosine(embedding, answer) >= 0.999_999, what)
      #expect(largestDifference(embedding, answer) <= 1e-4, what)
    }
  }

  @Test(arguments: GoldenNetwork.allCases)
  func activationsAreThoseOfPyTorch(_ network: GoldenNetwork) throws {
    let golden = try network.golden()
    let face = try #require(golden.faces.first)
    for (isa, rule) in network.instructionSets.flatMap({ [($0, WinogradChoice.Rule.on), ($0, .off)] }) {
      let session = try EmbeddingSession(
        golden.bgr, kernels: kernels(isa), threads: 2, winograd: WinogradChoice(rule: rule), observing: true)
      var compared = 0
      _ = try session.embed(face) { activations in
        let name = golden.bgr.topology.nodes[activations.node].name
        guard let wanted = golden.activations(name) else { return }
        compared += 1
        let values = activations.values()
        for (channel, answer) in wanted.enumerated() {
          let found = stride(from: channel, to: values.count, by: activations.channels).map { values[$0] }
          #expect(found.count == answer.count)
          // Sums of thousands of products in another order: the bound grows with the largest value.
          let bound = 2e-5 * max(1, answer.map { abs($0) }.max() ?? 0)
          #expect(largestDifference(found, answer) <= bound, "\(isa), \(name), channel \(channel)")
        }
      }
      #expect(compared == golden.bgr.topology.additions.count + 1)
    }
  }

  private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test(arguments: GoldenNetwork.allCases.filter { $0 != .irSE50 })
  func sameBitsForEveryNumberOfThreads(_ network: GoldenNetwork) throws {
    let golden = try network.golden()
    for name in network.instructionSets {
      let embeddings = try [1, 2, 3, 7].map { threads in
        try EmbeddingSession(golden.bgr, kernels: kernels(name), threads: ThreadPlan(threads)).embed(golden.faces[0])
      }
      for embedding in embeddings.dropFirst() {
        #expect(embedding.map(\.bitPattern) == embeddings[0].map(\.bitPattern), "\(name)")
      }
    }
  }
}
