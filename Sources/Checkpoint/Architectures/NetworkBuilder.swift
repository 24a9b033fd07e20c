import FaceqSupport
import QuantRuntime

/// Builds a network from a plan and the tensors that fit it.
struct NetworkBuilder {
  let state: StateDict

  /// - Precondition: the state has none of `plan.faults`.
  func build(_ plan: NetworkPlan) throws(FaceqError) -> Graph<FloatLayer> {
    try plan.graph.mapLayers { (_, node) throws(FaceqError) -> FloatLayer? in
      guard let planned = node.layer else { return nil }
      let inputs = planned.inputs
      switch (node.operation, planned.tensors) {
      case (.convolution(let convolution), .convolution(let layer)):
        return try self.convolution(
          convolution, layer, channels: inputs / convolution.grouping.count(inputs: inputs))
      case (.linear(let convolution), .convolution(let layer)):
        return try self.convolution(convolution, layer, channels: inputs)
      case (_, .norm(let name)): return try affine(name)
      case (_, .gate(let reduce, let expand)):
        return .gate(reduce: try numbers(reduce), expand: try numbers(expand), reduceBias: nil, expandBias: nil)
      default: return nil
      }
    }
  }

  /// - Parameter channels: that one output reads.
  private func convolution(
    _ convolution: Convolution, _ layer: PlannedConvolution, channels: Int
  ) throws(FaceqError) -> FloatLayer {
    let outputs = convolution.outputs
    let norm = try layer.norm.map(batchNorm) ?? .identity(channels: outputs)
    let weights = Self.foldedChannelsLast(try numbers(layer.weights), scale: norm.scale, channels: channels)
    let bias = try layer.bias.map(numbers) ?? [Float](repeating: 0, count: outputs)
    let folded = zip(bias, zip(norm.scale, norm.shift)).map { Float(Double($0) * $1.0 + $1.1) }
    return .convolution(
      weights: try checked(weights, layer.weights), bias: try checked(folded, layer.weights),
      slopes: try layer.slopes.map { (name) throws(FaceqError) in try slopes(name, outputs) })
  }

  /// PReLU's slopes, one for each channel, whether the checkpoint has as many or one for all.
  private func slopes(_ name: String, _ channels: Int) throws(FaceqError) -> [Float] {
    let slopes = try numbers(name)
    return slopes.count == 1 ? [Float](repeating: slopes[0], count: channels) : slopes
  }

  private func affine(_ name: String) throws(FaceqError) -> FloatLayer {
    let norm = try batchNorm(name)
    return .affine(
      scale: try checked(norm.scale.map { Float($0) }, name + ".weight"),
      shift: try checked(norm.shift.map { Float($0) }, name + ".bias"), slopes: nil)
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
