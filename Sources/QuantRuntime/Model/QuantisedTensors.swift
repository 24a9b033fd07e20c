import FaceqSupport
import SIMDKernels

// How the numbers of a quantised node are stored: what is written stands before what reads it.

extension ModelWriter {
  mutating func add(_ node: String, _ layer: QuantisedLayer) {
    switch layer {
    case .convolution(let layer): add(node, layer)
    case .conversion(let layer):
      add("\(node).scale", layer.scale)
      add("\(node).offset", layer.offset)
      if let zero = layer.zero { add("\(node).zero", zero) }
      add(node, layer.limits)
      if layer.pixels != 1 { file.set(ModelKey.pixels(node), .uint32(UInt32(layer.pixels))) }
    case .sum(let layer):
      add("\(node).factor", layer.factor)
      if let ratio = layer.ratio { add("\(node).ratio", ratio) }
      if let slopes = layer.slopes { add("\(node).slope", slopes) }
      add(node, layer.limits)
      add("\(node).sum_scale", layer.scale)
    case .product(let layer):
      add("\(node).factor", layer.factor)
      if let zero = layer.zero { add("\(node).zero", zero) }
    case .gate(let layer):
      file.set(ModelKey.pixels(node), .uint32(UInt32(layer.pixels)))
      add("\(node).mean_scale", layer.meanScale)
      add("\(node).reduce", layer.reduce)
      add("\(node).expand", layer.expand)
      if let biases = layer.biases {
        add("\(node).reduce_bias", biases.reduce)
        add("\(node).expand_bias", biases.expand)
      }
    }
  }

  private mutating func add(_ node: String, _ layer: IntegerConvolution) {
    switch layer.weights {
    case .int8(let weights, let sums), .grouped(let weights, let sums):
      add("\(node).weight", weights)
      add("\(node).weight_sum", sums)
    case .depthwise(let weights): add("\(node).weight", weights)
    case .int16(let weights, let largest), .depthwiseInt16(let weights, let largest),
      .groupedInt16(let weights, let largest):
      add("\(node).weight", weights)
      file.set(ModelKey.largestInput(node), .uint32(UInt32(largest)))
    }
    add("\(node).bias", layer.bias)
    add("\(node).positive", layer.positive)
    add("\(node).negative", layer.negative)
    if let zero = layer.zero { add("\(node).zero", zero) }
    add(node, layer.limits)
  }

  private mutating func add(_ node: String, _ limits: ChannelLimits?) {
    guard let limits else { return }
    add("\(node).lowest", limits.lowest)
    add("\(node).highest", limits.highest)
  }
}

extension ModelReader {
  /// A graph's quantised layers.
  ///
  /// - Throws: what is wrong with the file, naming it.
  func quantisedGraph(_ topology: Graph<Never>) throws(FaceqError) -> Graph<QuantisedLayer> {
    let order = try packedOrder()
    let shapes: [Extent]
    let forms: [Form]
    var bounds: [Int?] = []
    for node in topology.nodes {
      bounds.append(node.operation.isConvolution ? try largestInput(node.name) : nil)
    }
    do {
      shapes = try topology.shapes()
      forms = try topology.representations { bounds[$0] }.forms
    } catch {
      throw FaceqError("\(file.path) is not a usable model: \(error.message); make it again")
    }
    return try topology.mapLayers { (index, node) throws(FaceqError) -> QuantisedLayer? in
      guard let input = node.inputs.first else { return nil }
      let slot = NodeSlot(
        name: node.name, inputs: shapes[input].channels, outputs: shapes[index].channels, form: forms[index])
      switch node.operation {
      case .convolution(let convolution), .linear(let convolution):
        let layer = try self.convolution(slot, convolution, bounds[index], isImage: input == 0, order)
        guard layer.weights.largestInput == nil || layer.weights.largestInput == forms[input].largest else {
          throw FaceqError(
            "\(file.path): key \"\(ModelKey.largestInput(node.name))\" does not fit what \(node.name) reads; make the "
              + "model again")
        }
        return .convolution(layer)
      case .affine(let activation), .copy(let activation): return .conversion(try conversion(slot, activation))
      case .globalAverage: return .conversion(try conversion(slot, .none, isMean: true))
      case .add(let addition): return .sum(try sum(slot, addition))
      case .multiply:
        return .product(
          IntegerProduct(factor: try finite("\(node.name).factor", count: slot.stored), zero: try zero(slot)))
      case .gate(let gate): return .gate(try self.gate(slot, gate))
      default: return nil
      }
    }
  }

  /// What a node's tensors must fit.
  private struct NodeSlot {
    let name: String
    let inputs: Int
    let outputs: Int
    let form: Form

    var stored: Int { paddedChannels(outputs) }
  }

  private func packedOrder() throws(FaceqError) -> PackedOrder {
    guard file.value(ModelKey.packedOrder) != nil else { return .fours }
    let name = try file.string(ModelKey.packedOrder)
    guard let order = PackedOrder(rawValue: name) else {
      throw FaceqError(
        "\(file.path) has its weights packed in the order \(quoted(name)), which this version of faceq does not know")
    }
    return order
  }

  /// Of a layer with int16 weights.
  private func largestInput(_ node: String) throws(FaceqError) -> Int? {
    guard file.tensorIfPresent("\(node).weight")?.type == .int16 else { return nil }
    let largest = try file.unsigned(ModelKey.largestInput(node))
    guard (1...32768).contains(largest) else {
      throw FaceqError("\(file.path): key \"\(ModelKey.largestInput(node))\" is \(largest); make the model again")
    }
    return largest
  }

  private func convolution(
    _ slot: NodeSlot, _ convolution: Convolution, _ largestInput: Int?, isImage: Bool, _ order: PackedOrder
  ) throws(FaceqError) -> IntegerConvolution {
    let name = "\(slot.name).weight"
    let bias: Tensor<Int32> = try tensor("\(slot.name).bias", count: slot.stored)
    let weightOrder = WeightOrder(
      convolution, inputs: slot.inputs, storedInputs: isImage ? 4 : paddedChannels(slot.inputs),
      valueBytes: largestInput == nil ? 1 : 2, packedOrder: order)
    let count = weightOrder.count
    let weights: PackedWeights =
      if let largestInput {
        switch convolution.grouping {
        case .dense: .int16(try tensor(name, count: count), largestInput: largestInput)
        case .depthwise: .depthwiseInt16(try tensor(name, count: count), largestInput: largestInput)
        case .groups: .groupedInt16(try tensor(name, count: count), largestInput: largestInput)
        }
      } else {
        switch convolution.grouping {
        case .dense:
          .int8(try int8Weights(name, count: count), sums: try tensor("\(slot.name).weight_sum", count: slot.stored))
        case .depthwise: .depthwise(try int8Weights(name, count: count))
        case .groups:
          .grouped(try int8Weights(name, count: count), sums: try tensor("\(slot.name).weight_sum", count: slot.stored))
        }
      }
    guard weights.sumsFit(bias: bias, weightOrder) else {
      throw FaceqError(
        "\(file.path): tensor \"\(name)\" has weights so large that sums would overflow; make the model again")
    }
    return IntegerConvolution(
      weights: weights, order: order, bias: bias, positive: try finite("\(slot.name).positive", count: slot.stored),
      negative: try finite("\(slot.name).negative", count: slot.stored), zero: try zero(slot),
      limits: try limits(slot, convolution.activation))
  }

  /// int8 without −128: two products with it do not fit int16, in which some instruction sets add them.
  private func int8Weights(_ name: String, count: Int) throws(FaceqError) -> Tensor<Int8> {
    let weights: Tensor<Int8> = try tensor(name, count: count)
    guard !holdsMinus128(weights) else {
      throw FaceqError("\(file.path): tensor \"\(name)\" holds the weight -128; make the model again")
    }
    return weights
  }

  private func conversion(
    _ slot: NodeSlot, _ activation: Activation, isMean: Bool = false
  ) throws(FaceqError) -> IntegerConversion {
    IntegerConversion(
      scale: try finite("\(slot.name).scale", count: slot.stored),
      offset: try finite("\(slot.name).offset", count: slot.stored), zero: try zero(slot),
      limits: try limits(slot, activation), pixels: isMean ? try pixels(slot.name) : 1)
  }

  private func sum(_ slot: NodeSlot, _ addition: Addition) throws(FaceqError) -> IntegerSum {
    let hasSlopes =
      switch addition.activation {
      case .leaky, .prelu: true
      case .none, .relu, .clamp: false
      }
    return IntegerSum(
      factor: try finite("\(slot.name).factor", count: slot.stored),
      ratio: addition.base == .none ? nil : try finite("\(slot.name).ratio", count: slot.stored),
      slopes: hasSlopes ? try finite("\(slot.name).slope", count: slot.stored) : nil,
      limits: try limits(slot, addition.activation),
      scale: try finite("\(slot.name).sum_scale", count: slot.stored))
  }

  private func gate(_ slot: NodeSlot, _ gate: ChannelGate) throws(FaceqError) -> IntegerGate {
    let hidden = paddedChannels(gate.hidden)
    return IntegerGate(
      meanScale: try finite("\(slot.name).mean_scale", count: slot.stored), pixels: try pixels(slot.name),
      reduce: try finite("\(slot.name).reduce", count: hidden * slot.stored),
      expand: try finite("\(slot.name).expand", count: hidden * slot.stored),
      biases: gate.hasBiases
        ? (
          try finite("\(slot.name).reduce_bias", count: hidden),
          try finite("\(slot.name).expand_bias", count: slot.stored)
        ) : nil)
  }

  private func pixels(_ node: String) throws(FaceqError) -> Int {
    guard file.value(ModelKey.pixels(node)) != nil else { return 1 }
    let pixels = try file.unsigned(ModelKey.pixels(node))
    guard (1...GraphLimits.summedPixels).contains(pixels) else {
      throw FaceqError("\(file.path): key \"\(ModelKey.pixels(node))\" is \(pixels); make the model again")
    }
    return pixels
  }

  private func zero(_ slot: NodeSlot) throws(FaceqError) -> Tensor<Int8>? {
    slot.form == .bytes ? try tensor("\(slot.name).zero", count: slot.stored) : nil
  }

  /// The bounds of a clamp in a channel's units, where it writes int16.
  private func limits(_ slot: NodeSlot, _ activation: Activation) throws(FaceqError) -> ChannelLimits? {
    guard case .clamp = activation, case .int16 = slot.form else { return nil }
    let limits = ChannelLimits(
      lowest: try tensor("\(slot.name).lowest", count: slot.stored),
      highest: try tensor("\(slot.name).highest", count: slot.stored))
    guard zip(limits.lowest.buffer, limits.highest.buffer).allSatisfy({ $0 <= $1 }) else {
      throw FaceqError("\(file.path): the bounds of \(slot.name) are in disorder; make the model again")
    }
    return limits
  }
}

extension Operation {
  fileprivate var isConvolution: Bool {
    switch self {
    case .convolution, .linear: true
    default: false
    }
  }
}

extension Form {
  /// The largest magnitude of int16.
  fileprivate var largest: Int? { if case .int16(let largest) = self { largest } else { nil } }
}
