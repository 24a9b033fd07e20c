import FaceqSupport
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
package func makeStandIn(
  _ architecture: StandInArchitecture, seed: UInt64, faces: some FaceSource, kernels: KernelTable, threads: ThreadPlan,
  progress: (Int, Int) -> Void
) throws(FaceqError) -> (graph: Graph<FloatLayer>, parameters: Int) {
  guard faces.count >= 2 else { throw FaceqError("stand-in statistics need at least 2 faces and got \(faces.count)") }
  var probe = StandInProbe(kernels: kernels, threads: threads)
  for index in 0..<min(faces.count, 16) { probe.faces.append(try faces.pixels(index)) }
  var maker = StandInMaker(weights: StandInWeights(seed: seed), probe: probe)
  try maker.addStem(architecture.stemWidth)
  let total = architecture.stages.reduce(0) { $0 + $1.blocks }
  for stage in architecture.stages {
    for position in 0..<stage.blocks {
      progress(maker.blockCount, total)
      try maker.addBlock(stage.width, stride: position == 0 ? 2 : 1, squeezeExcite: architecture.squeezeExcite)
    }
  }
  for index in probe.faces.count..<min(max(faces.count, probe.faces.count), 256) {
    maker.probe.faces.append(try faces.pixels(index))
  }
  let graph = try maker.addHead(architecture.embeddingSize, facesOfBlocks: probe.faces.count)
  progress(total, total)
  return (try graph.simplified().insertingCopies(), maker.parameters)
}

/// The network so far.
private struct StandInMaker {
  var weights: StandInWeights
  var probe: StandInProbe
  private var builder = GraphBuilder<FloatLayer>()
  /// What the next layer reads, and its channels.
  private var value: Int
  private var width = 3
  private(set) var blockCount = 0
  /// Learnable values.
  private(set) var parameters = 0

  init(weights: StandInWeights, probe: StandInProbe) {
    (self.weights, self.probe) = (weights, probe)
    value = builder.add("", .image(StandInArchitecture.image))
  }

  mutating func addStem(_ outputs: Int) throws(FaceqError) {
    var stem = weights.convolution(.square3(outputs), inputs: width, prelu: true)
    parameters += stem.weights.count + 3 * outputs
    var linear = stem
    linear.slopes = nil
    let norm = weights.batchNorm(outputs)
    stem.fold(norm, measured: try probe.moments(builder.following(value, [linear])))
    value = builder.add("stem.0", stem, value)
    width = outputs
  }

  mutating func addBlock(_ outputs: Int, stride: Int, squeezeExcite: Bool) throws(FaceqError) {
    let name = "blocks.\(blockCount)"
    blockCount += 1
    var input = weights.batchNorm(width)
    input.standardise(try probe.moments(builder.graph(outputs: [value])))
    let first = weights.convolution(.square3(outputs), inputs: width, prelu: true)
    var second = weights.convolution(.square3(outputs, stride: stride), inputs: outputs, prelu: false)
    parameters += first.weights.count + second.weights.count + 2 * width + 3 * outputs
    var branch = builder.add(name + ".input", input, value)
    // The residual branch is small beside the trunk, as in trained networks: this sets how much noise grows with depth.
    let norm = weights.batchNorm(outputs, gain: 0.2)
    second.fold(norm, measured: try probe.moments(builder.following(branch, [first, second])))
    var base = Resampling.none
    if stride > 1 { base = .subsample(stride) }
    var shortcut: StandInConvolution?
    if width != outputs {
      var projection = weights.convolution(.pointwise(outputs, stride: stride), inputs: width, gain: 1, prelu: false)
      let norm = weights.batchNorm(outputs)
      projection.fold(norm, measured: try probe.moments(builder.following(value, [projection])))
      parameters += projection.weights.count + 2 * outputs
      (base, shortcut) = (.none, projection)
    }
    branch = builder.add(name + ".body.0", first, branch)
    branch = builder.add(name + ".body.1", second, branch)
    var gates: [Int] = []
    if squeezeExcite {
      let hidden = outputs / 16
      let layer = FloatLayer.gate(
        reduce: weights.matrix(rows: hidden, columns: outputs, gain: 2),
        expand: weights.matrix(rows: outputs, columns: hidden, gain: 4), reduceBias: nil, expandBias: nil)
      gates = [builder.add(name + ".se", .gate(ChannelGate(hidden: hidden)), [branch], layer: layer)]
      parameters += 2 * hidden * outputs
    }
    if let shortcut { value = builder.add(name + ".shortcut", shortcut, value) }
    value = builder.add(name, .add(Addition(base: base, isGated: !gates.isEmpty)), [value, branch] + gates)
    width = outputs
  }

  /// - Parameter count: of the faces that the norm before the linear layer is measured on, as those of the blocks.
  mutating func addHead(_ outputs: Int, facesOfBlocks count: Int) throws(FaceqError) -> Graph<FloatLayer> {
    let trunk = builder.graph(outputs: [value])
    let extent = try trunk.shapes()[value]
    var input = weights.batchNorm(width)
    input.standardise(try probe.moments(trunk, faces: count))
    let kernel = Size(extent.height, extent.width)
    var linear = StandInConvolution(
      convolution: Convolution(outputs: outputs, Window(kernel)),
      weights: weights.matrix(rows: outputs, columns: extent.count, gain: 1),
      bias: weights.vector(outputs, deviation: 0.02))
    parameters += linear.weights.count + 3 * outputs + 2 * width
    value = builder.add("head.input", input, value)
    linear.fold(weights.batchNorm(outputs), measured: try probe.moments(builder.following(value, [linear])))
    value = builder.add(
      "head", .linear(linear.convolution), [value],
      layer: .convolution(weights: linear.weights, bias: linear.bias, slopes: nil))
    value = builder.add("embedding", .normalise, [value])
    return builder.graph(outputs: [value])
  }
}

extension Convolution {
  fileprivate static func square3(_ outputs: Int, stride: Int = 1) -> Convolution {
    Convolution(outputs: outputs, Window(Size(3, 3), stride: Size(stride, stride), padding: Padding(1)))
  }

  fileprivate static func pointwise(_ outputs: Int, stride: Int) -> Convolution {
    Convolution(outputs: outputs, Window(Size(1, 1), stride: Size(stride, stride)))
  }
}

extension GraphBuilder<FloatLayer> {
  fileprivate mutating func add(_ name: String, _ layer: StandInConvolution, _ input: Int) -> Int {
    var convolution = layer.convolution
    if layer.slopes != nil { convolution.activation = .prelu }
    return add(
      name, .convolution(convolution), [input],
      layer: .convolution(weights: layer.weights, bias: layer.bias, slopes: layer.slopes))
  }

  fileprivate mutating func add(_ name: String, _ norm: StandInNorm, _ input: Int) -> Int {
    add(name, .affine(.none), [input], layer: .affine(scale: norm.scale, shift: norm.shift, slopes: nil))
  }

  /// The graph that ends with some convolutions, one after the other, on a value.
  fileprivate func following(_ value: Int, _ layers: [StandInConvolution]) -> Graph<FloatLayer> {
    var (builder, value) = (self, value)
    for (index, layer) in layers.enumerated() { value = builder.add("probe.\(index)", layer, value) }
    return builder.graph(outputs: [value])
  }
}
