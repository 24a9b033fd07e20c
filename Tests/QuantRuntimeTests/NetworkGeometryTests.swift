import QuantRuntime
import Testing

/// A network of one block on a 4×4 image, and what is wrong with variations of it.
struct NetworkGeometryTests {
  private func unit(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int) -> ConvolutionUnit {
    ConvolutionUnit(
      geometry: ConvolutionGeometry(
        inputChannels: inputs, outputChannels: outputs, kernelHeight: kernel, kernelWidth: kernel, stride: stride,
        padding: padding),
      weights: [Float](repeating: 0, count: inputs * outputs * kernel * kernel),
      bias: [Float](repeating: 0, count: outputs))
  }

  private var network: Network {
    Network(
      input: InputFormat(height: 4, width: 4, channels: .rgb), stem: [unit(3, 16, kernel: 3, padding: 1)],
      blocks: [
        ResidualBlock(
          body: [unit(16, 16, kernel: 3, stride: 2, padding: 1)],
          squeezeExcite: SqueezeExcite(
            reduce: [Float](repeating: 0, count: 32), expand: [Float](repeating: 0, count: 32), hidden: 2),
          shortcut: .subsample(stride: 2))
      ],
      head: EmbeddingHead(
        input: nil, inputHeight: 2, inputWidth: 2, inputChannels: 16, weights: [Float](repeating: 0, count: 8 * 64),
        bias: [Float](repeating: 0, count: 8)))
  }

  @Test func multiplyAccumulatesAreCounted() throws {
    let stem = 16 * 16 * 27
    let body = 4 * 16 * 144
    let squeezeExcite = 2 * 2 * 16
    let head = 8 * 64
    #expect(try network.multiplyAccumulates() == stem + body + squeezeExcite + head)
  }

  @Test(
    arguments: [
      "blocks.0 adds": { (network: inout Network) in network.blocks[0].shortcut = .identity },
      "blocks.0.body.0 wants 8 channels": { $0.blocks[0].body[0].geometry.inputChannels = 8 },
      "blocks.0.body.0 has an impossible shape": { $0.blocks[0].body[0].geometry.kernelHeight = 9 },
      "blocks.0 has an impossible shortcut": { $0.blocks[0].shortcut = .subsample(stride: 0) },
      "blocks.0 has an impossible squeeze": { $0.blocks[0].squeezeExcite?.hidden = 0 },
      "blocks.0 has no convolution": { $0.blocks[0].body = [] },
      "head does not cover": { $0.head.inputWidth = 1 },
      "head wants 32 channels": { $0.head.inputChannels = 32 },
      "the input is 0×4": { $0.input.height = 0 },
      "the network has no layers": { $0.stem = [] },
    ] as [String: @Sendable (inout Network) -> Void])
  func whatDoesNotFitIsNamed(_ message: String, _ change: @Sendable (inout Network) -> Void) {
    var changed = network
    change(&changed)
    let error = #expect(throws: FaceqError.self) { try changed.multiplyAccumulates() }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }

  /// The trunk has no border, so a shortcut with padding would read in front of it.
  @Test func shortcutsHaveNoPadding() {
    var changed = network
    changed.blocks[0].shortcut = .convolution(unit(16, 16, kernel: 1, stride: 3, padding: 1))
    let error = #expect(throws: FaceqError.self) { try changed.multiplyAccumulates() }
    #expect(error?.message == "blocks.0 has an impossible shortcut")
  }
}
