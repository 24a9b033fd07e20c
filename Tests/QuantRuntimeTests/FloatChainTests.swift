import QuantRuntime
import Testing

/// Convolutions and max pools against a reference that follows their definition, on sizes around the pools' odd edges.
struct FloatChainTests {
  private static let layers: [FloatChain.Layer] = {
    var generator = SplitMix64(state: 5)
    func values(_ count: Int) -> [Float] { (0..<count).map { _ in .random(in: -0.5...0.5, using: &generator) } }
    func convolution(_ inputs: Int, _ outputs: Int, _ kernel: Int, slopes: Bool = true) -> FloatChain.Layer {
      .convolution(
        ConvolutionUnit(
          geometry: ConvolutionGeometry(
            inputChannels: inputs, outputChannels: outputs, kernelHeight: kernel, kernelWidth: kernel),
          weights: values(outputs * kernel * kernel * inputs), bias: values(outputs),
          slopes: slopes ? values(outputs) : nil))
    }
    return [
      convolution(3, 10, 3), .maxPool(size: 2), convolution(10, 33, 2), .maxPool(size: 3),
      convolution(33, 6, 1, slopes: false),
    ]
  }()

  @Test(arguments: availableInstructionSets().map(\.rawValue), [1, 2, 5])
  func isWhatTheDefinitionSays(isa: String, threads: Int) throws {
    let chain = try FloatChain(Self.layers, kernels: kernels(isa), threads: ThreadPlan(threads))
    var generator = SplitMix64(state: 6)
    // Sizes go up and down: memory is used again.
    for (height, width) in [(12, 12), (31, 40), (13, 11), (64, 9), (14, 13)] {
      let picture = (0..<height * width * 3).map { _ in Float.random(in: -1...1, using: &generator) }
      let found = chain.run(picture, height: height, width: width)
      var wanted = Map(height: height, width: width, channels: 3, values: picture)
      for layer in Self.layers { wanted = wanted.behind(layer) }
      try #require(found.height == wanted.height && found.width == wanted.width)
      try #require(found.values.count == wanted.values.count)
      #expect(zip(found.values, wanted.values).allSatisfy { abs($0 - $1) < 1e-5 }, "\(height) × \(width)")
    }
  }
}

private struct Map {
  var height: Int
  var width: Int
  var channels: Int
  /// [row][column][channel]
  var values: [Float]

  func behind(_ layer: FloatChain.Layer) -> Map {
    switch layer {
    case .maxPool(let size):
      // ⌈(n − size) / 2⌉ + 1 windows: the last one begins inside.
      return map(
        height: Int((Double(height - size) / 2).rounded(.up)) + 1,
        width: Int((Double(width - size) / 2).rounded(.up)) + 1,
        channels: channels
      ) { row, column, channel in
        var largest = -Float.infinity
        for y in 2 * row..<min(2 * row + size, height) {
          for x in 2 * column..<min(2 * column + size, width) {
            largest = max(largest, values[(y * width + x) * channels + channel])
          }
        }
        return largest
      }
    case .convolution(let unit):
      let geometry = unit.geometry
      return map(
        height: height - geometry.kernelHeight + 1, width: width - geometry.kernelWidth + 1,
        channels: geometry.outputChannels
      ) { row, column, output in
        var sum = unit.bias[output]
        for y in 0..<geometry.kernelHeight {
          for x in 0..<geometry.kernelWidth {
            for input in 0..<channels {
              sum +=
                values[((row + y) * width + column + x) * channels + input]
                * unit.weights[((output * geometry.kernelHeight + y) * geometry.kernelWidth + x) * channels + input]
            }
          }
        }
        return sum < 0 ? sum * (unit.slopes?[output] ?? 1) : sum
      }
    }
  }

  private func map(height: Int, width: Int, channels: Int, _ value: (Int, Int, Int) -> Float) -> Map {
    var values: [Float] = []
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<channels { values.append(value(row, column, channel)) }
      }
    }
    return Map(height: height, width: width, channels: channels, values: values)
  }
}
