import QuantRuntime

/// Builds a network from a plan and the tensors that fit it.
struct NetworkBuilder {
  let state: StateDict

  /// - Precondition: the state has none of `plan.faults`.
  func build(_ plan: NetworkPlan) throws(FaceqError) -> Network {
    var blocks: [ResidualBlock] = []
    for block in plan.blocks { blocks.append(try self.block(block)) }
    return Network(
      input: plan.input, stem: try convolutions(plan.stem), blocks: blocks, tail: try convolutions(plan.tail),
      head: try head(plan.head))
  }

  private func block(_ plan: BlockPlan) throws(FaceqError) -> ResidualBlock {
    let shortcut: Shortcut =
      switch plan.shortcut {
      case .none: .none
      case .identity: .identity
      case .subsample(let stride): .subsample(stride: stride)
      case .convolution(let convolution): .convolution(try self.convolution(convolution))
      }
    return ResidualBlock(
      input: try affine(plan.input), body: try convolutions(plan.body),
      squeezeExcite: try squeezeExcite(plan.squeezeExcite), shortcut: shortcut)
  }

  private func convolutions(_ plans: [ConvolutionPlan]) throws(FaceqError) -> [ConvolutionUnit] {
    var units: [ConvolutionUnit] = []
    for plan in plans { units.append(try convolution(plan)) }
    return units
  }

  private func convolution(_ plan: ConvolutionPlan) throws(FaceqError) -> ConvolutionUnit {
    let geometry = plan.geometry
    let norm = try plan.norm.map(batchNorm) ?? .identity(channels: geometry.outputChannels)
    let weights = Self.foldedChannelsLast(
      try numbers(plan.weights), scale: norm.scale, channels: geometry.inputChannels / geometry.groups)
    return ConvolutionUnit(
      geometry: geometry, weights: try checked(weights, plan.weights),
      bias: try checked(norm.shift.map { Float($0) }, plan.weights),
      slopes: try plan.slopes.map { (name) throws(FaceqError) in try slopes(name, geometry.outputChannels) })
  }

  /// PReLU's slopes, one for each channel, whether the checkpoint has as many or one for all.
  private func slopes(_ name: String, _ channels: Int) throws(FaceqError) -> [Float] {
    let slopes = try numbers(name)
    return slopes.count == 1 ? [Float](repeating: slopes[0], count: channels) : slopes
  }

  private func squeezeExcite(_ plan: SqueezeExcitePlan?) throws(FaceqError) -> SqueezeExcite? {
    guard let plan else { return nil }
    return SqueezeExcite(reduce: try numbers(plan.reduce), expand: try numbers(plan.expand), hidden: plan.hidden)
  }

  private func head(_ plan: HeadPlan) throws(FaceqError) -> EmbeddingHead {
    let norm = try batchNorm(plan.norm)
    let weights = Self.foldedChannelsLast(
      try numbers(plan.weights), scale: norm.scale, channels: plan.inputChannels)
    let linearBias = try plan.bias.map(numbers) ?? [Float](repeating: 0, count: plan.embeddingSize)
    let bias = zip(linearBias, zip(norm.scale, norm.shift)).map { Float(Double($0) * $1.0 + $1.1) }
    return EmbeddingHead(
      input: try affine(plan.input), inputHeight: plan.inputHeight, inputWidth: plan.inputWidth,
      inputChannels: plan.inputChannels, weights: try checked(weights, plan.weights),
      bias: try checked(bias, plan.weights))
  }

  private func affine(_ name: String?) throws(FaceqError) -> ChannelAffine? {
    guard let name else { return nil }
    let norm = try batchNorm(name)
    return ChannelAffine(
      scale: try checked(norm.scale.map { Float($0) }, name + ".weight"),
      shift: try checked(norm.shift.map { Float($0) }, name + ".bias"))
  }

  private func batchNorm(_ name: String) throws(FaceqError) -> BatchNorm {
    let variance = try numbers(name + ".running_var")
    // Exactly 0 is what a channel that never fires leaves in a trained network, and what ε is for.
    guard variance.allSatisfy({ $0 >= 0 }) else {
      throw state.file.damaged("the tensor \(name).running_var holds a negative variance")
    }
    return BatchNorm(
      weight: try state[name + ".weight"] == nil
        ? [Float](repeating: 1, count: variance.count) : numbers(name + ".weight"),
      bias: try state[name + ".bias"] == nil ? [Float](repeating: 0, count: variance.count) : numbers(name + ".bias"),
      mean: try numbers(name + ".running_mean"), variance: variance)
  }

  private func numbers(_ name: String) throws(FaceqError) -> [Float] {
    try checked(state[name]?.floats() ?? [], name)
  }

  private func checked(_ numbers: [Float], _ name: String) throws(FaceqError) -> [Float] {
    for number in numbers where !number.isFinite {
      throw state.file.damaged("the tensor \(name) holds numbers that are not finite, or too large once folded")
    }
    return numbers
  }

  /// One row per output: [channel][position] becomes [position][channel], times the row's scale. Serves convolutions
  /// (positions of the kernel) and the linear layer (pixels in front of it).
  private static func foldedChannelsLast(_ weights: [Float], scale: [Double], channels: Int) -> [Float] {
    let rowLength = weights.count / scale.count
    let positions = rowLength / channels
    return [Float](unsafeUninitializedCapacity: weights.count) { output, count in
      for (row, scale) in scale.enumerated() {
        for channel in 0..<channels {
          let source = row * rowLength + channel * positions
          for position in 0..<positions {
            output.initializeElement(
              at: row * rowLength + position * channels + channel,
              to: Float(Double(weights[source + position]) * scale))
          }
        }
      }
      count = weights.count
    }
  }
}
