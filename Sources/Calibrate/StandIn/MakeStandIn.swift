import QuantRuntime
import SIMDKernels

/// Makes a network with random weights whose BatchNorm statistics are those of real faces, so that its activations are
/// realistic. It was never trained: its embeddings identify nobody.
///
/// Statistics are measured block by block, each on the network up to there.
///
/// - Parameters:
///   - faces: at least 2; 16 are used for the blocks, up to 256 for the embedding.
///   - progress: called with the number of blocks done and of all.
public func makeStandIn(
  _ architecture: StandInArchitecture, seed: UInt64, faces: some FaceSource, kernels: KernelTable, threads: ThreadPlan,
  progress: (Int, Int) -> Void
) throws(FaceqError) -> (network: Network, parameters: Int) {
  guard faces.count >= 2 else { throw FaceqError("stand-in statistics need at least 2 faces and got \(faces.count)") }
  var weights = StandInWeights(seed: seed)
  var probe = StandInProbe(kernels: kernels, threads: threads)
  for index in 0..<min(faces.count, 16) { probe.faces.append(try faces.pixels(index)) }
  var parameters = 0

  var stem = weights.convolution(
    ConvolutionGeometry(
      inputChannels: 3, outputChannels: architecture.stemWidth, kernelHeight: 3, kernelWidth: 3,
      padding: 1), prelu: true)
  parameters += stem.weights.count + 3 * architecture.stemWidth
  stem.fold(weights.batchNorm(architecture.stemWidth), measured: try probe.branchOfFirstBlock(stem))
  var network = Network(
    input: InputFormat(channels: .bgr), stem: [stem], blocks: [],
    head: EmbeddingHead(input: nil, inputHeight: 1, inputWidth: 1, inputChannels: 1, weights: [], bias: []))

  let total = architecture.stages.reduce(0) { $0 + $1.blocks }
  var width = architecture.stemWidth
  for stage in architecture.stages {
    for position in 0..<stage.blocks {
      progress(network.blocks.count, total)
      let block = try makeBlock(
        from: width, to: stage.width, stride: position == 0 ? 2 : 1, squeezeExcite: architecture.squeezeExcite,
        weights: &weights, network: network, probe: probe)
      parameters += block.parameters
      network.blocks.append(block.block)
      width = stage.width
    }
  }
  network.head = try makeHead(
    architecture, network, weights: &weights, probe: probe, faces: faces, parameters: &parameters)
  progress(total, total)
  return (network, parameters)
}

private func makeBlock(
  from width: Int, to newWidth: Int, stride: Int, squeezeExcite: Bool, weights: inout StandInWeights,
  network: Network, probe: StandInProbe
) throws(FaceqError) -> (block: ResidualBlock, parameters: Int) {
  var input = weights.batchNorm(width)
  input.standardise(
    try probe.statistics(network, tap: network.blocks.isEmpty ? .stem : .trunk(network.blocks.count - 1)))
  let first = weights.convolution(
    ConvolutionGeometry(inputChannels: width, outputChannels: newWidth, kernelHeight: 3, kernelWidth: 3, padding: 1),
    prelu: true)
  var second = weights.convolution(
    ConvolutionGeometry(
      inputChannels: newWidth, outputChannels: newWidth, kernelHeight: 3, kernelWidth: 3, stride: stride, padding: 1),
    prelu: false)
  var parameters = first.weights.count + second.weights.count + 2 * width + 3 * newWidth
  // The residual branch is small beside the trunk, as in trained networks: this sets how much noise grows with depth.
  let norm = weights.batchNorm(newWidth, gain: 0.2)
  second.fold(norm, measured: try probe.branch(network, input: input, body: [first, second]))
  var block = ResidualBlock(
    input: input, body: [first, second], shortcut: stride == 1 ? .identity : .subsample(stride: stride))
  if width != newWidth {
    var shortcut = weights.convolution(
      ConvolutionGeometry(
        inputChannels: width, outputChannels: newWidth, kernelHeight: 1, kernelWidth: 1, stride: stride), gain: 1,
      prelu: false)
    let norm = weights.batchNorm(newWidth)
    shortcut.fold(norm, measured: try probe.branch(network, input: nil, body: [shortcut]))
    parameters += shortcut.weights.count + 2 * newWidth
    block.shortcut = .convolution(shortcut)
  }
  if squeezeExcite {
    let hidden = newWidth / 16
    block.squeezeExcite = SqueezeExcite(
      reduce: weights.matrix(rows: hidden, columns: newWidth, gain: 2),
      expand: weights.matrix(rows: newWidth, columns: hidden, gain: 4), hidden: hidden)
    parameters += 2 * hidden * newWidth
  }
  return (block, parameters)
}

private func makeHead(
  _ architecture: StandInArchitecture, _ network: Network, weights: inout StandInWeights, probe: StandInProbe,
  faces: some FaceSource, parameters: inout Int
) throws(FaceqError) -> EmbeddingHead {
  let trunk = Tap.trunk(network.blocks.count - 1)
  let extent = try probe.extent(network, tap: trunk)
  let size = architecture.embeddingSize
  var input = weights.batchNorm(extent.channels)
  input.standardise(try probe.statistics(network, tap: trunk))
  let inputs = extent.height * extent.width * extent.channels
  var head = EmbeddingHead(
    input: input, inputHeight: extent.height, inputWidth: extent.width, inputChannels: extent.channels,
    weights: weights.matrix(rows: size, columns: inputs, gain: 1), bias: weights.vector(size, deviation: 0.02))
  parameters += head.weights.count + 3 * size + 2 * extent.channels
  // The BatchNorm behind the linear layer: measured as the branch of a block that is that layer.
  var wide = probe
  for index in probe.faces.count..<min(max(faces.count, probe.faces.count), 256) {
    wide.faces.append(try faces.pixels(index))
  }
  var linear = ConvolutionUnit(
    geometry: ConvolutionGeometry(
      inputChannels: extent.channels, outputChannels: size, kernelHeight: extent.height, kernelWidth: extent.width),
    weights: head.weights, bias: head.bias)
  linear.fold(weights.batchNorm(size), measured: try wide.branch(network, input: input, body: [linear]))
  head.weights = linear.weights
  head.bias = linear.bias
  return head
}
