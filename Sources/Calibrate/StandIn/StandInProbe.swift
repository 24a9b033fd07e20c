import QuantRuntime
import SIMDKernels

/// Mean and standard deviation of each channel.
struct ChannelMoments {
  var mean: [Float]
  var deviation: [Float]
}

/// Runs unfinished networks on faces to measure what their next layer puts out.
struct StandInProbe {
  let kernels: KernelTable
  let threads: ThreadPlan
  var faces: [[UInt8]] = []

  init(kernels: KernelTable, threads: ThreadPlan) {
    self.kernels = kernels
    self.threads = threads
  }

  /// Moments at a tap of a network without a usable head.
  func statistics(_ network: Network, tap: Tap) throws(FaceqError) -> ChannelMoments {
    let session = try session(network)
    var (sum, squares, count): ([Double], [Double], Double) = ([], [], 0)
    for pixels in faces {
      session.observe(tap, of: pixels) { values in
        if sum.isEmpty {
          sum = [Double](repeating: 0, count: values.channels)
          squares = sum
        }
        count += Double(values.height * values.width)
        values.forEachPixel { pixel in
          for channel in 0..<pixel.count {
            let value = Double(pixel[channel])
            sum[channel] += value
            squares[channel] += value * value
          }
        }
      }
    }
    let mean = sum.map { $0 / count }
    let deviation = zip(squares, mean).map { max($0 / count - $1 * $1, 0).squareRoot() }
    return ChannelMoments(mean: mean.map { Float($0) }, deviation: deviation.map { Float($0) })
  }

  /// Moments of what a body puts out as the next block of a network.
  func branch(_ network: Network, input: ChannelAffine?, body: [ConvolutionUnit]) throws(FaceqError) -> ChannelMoments {
    var longer = network
    longer.blocks.append(ResidualBlock(input: input, body: body, shortcut: .none))
    return try statistics(longer, tap: .branch(network.blocks.count))
  }

  /// Moments of a stem without its PReLU.
  func branchOfFirstBlock(_ stem: ConvolutionUnit) throws(FaceqError) -> ChannelMoments {
    var linear = stem
    linear.slopes = nil
    let network = Network(input: InputFormat(channels: .bgr), stem: [linear], blocks: [], head: placeholder(1))
    return try statistics(network, tap: .stem)
  }

  /// Height, width and channels at a tap.
  func extent(_ network: Network, tap: Tap) throws(FaceqError) -> (height: Int, width: Int, channels: Int) {
    var extent = (height: 0, width: 0, channels: 0)
    try session(network).observe(tap, of: faces[0]) { extent = ($0.height, $0.width, $0.channels) }
    return extent
  }

  /// A session that runs as far as the network goes, on a head that looks at one pixel.
  private func session(_ network: Network) throws(FaceqError) -> EmbeddingSession {
    var runnable = network
    let last = network.blocks.last?.body.last ?? network.stem[network.stem.count - 1]
    runnable.head = placeholder(last.geometry.outputChannels)
    let description = ModelDescription(
      architecture: "unfinished", parameters: 0, source: ModelDescription.Source(name: "", sha256: ""),
      isStandIn: true)
    return try floatSession(
      Model(runnable, description), kernels: kernels, threads: threads, observing: true)
  }

  private func placeholder(_ channels: Int) -> EmbeddingHead {
    EmbeddingHead(
      input: nil, inputHeight: 1, inputWidth: 1, inputChannels: channels,
      weights: [Float](repeating: 0, count: channels * 16), bias: [Float](repeating: 0, count: 16))
  }
}

extension ChannelAffine {
  /// Makes `(x − mean) / deviation · scale + shift` of a BatchNorm's `x · scale + shift`.
  mutating func standardise(_ moments: ChannelMoments) {
    for channel in scale.indices {
      scale[channel] /= (moments.deviation[channel] * moments.deviation[channel] + 1e-5).squareRoot()
      shift[channel] -= moments.mean[channel] * scale[channel]
    }
  }
}

extension ConvolutionUnit {
  /// Folds a BatchNorm behind the convolution, whose output without it has been measured, into weights and bias.
  mutating func fold(_ norm: ChannelAffine, measured moments: ChannelMoments) {
    var affine = norm
    affine.standardise(moments)
    let perOutput = geometry.weightsPerOutput
    for channel in bias.indices {
      for index in channel * perOutput..<(channel + 1) * perOutput { weights[index] *= affine.scale[channel] }
      bias[channel] = bias[channel] * affine.scale[channel] + affine.shift[channel]
    }
  }
}
