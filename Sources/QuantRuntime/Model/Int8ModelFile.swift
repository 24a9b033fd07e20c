import SIMDKernels

extension QuantisedNetwork {
  /// Writes an int8 model file.
  ///
  /// - Parameter original: the model that this one was packed from.
  public func write(
    to path: FilePath, _ description: ModelDescription, packedFrom original: Model? = nil
  ) throws(FaceqError) {
    var writer = ModelWriter(description, precision: "int8", input: input, embeddingSize: head.embeddingSize)
    for (index, layer) in stem.enumerated() { writer.add("stem.\(index)", layer) }
    if let original {
      writer.file.set(ModelKey.packedOrder, .string(packedOrder.rawValue))
      writer.file.set(ModelKey.packedDigest, .string(original.digest))
      writer.file.set(ModelKey.packedFormerDigest, .string(original.formerDigest))
    }
    writer.file.set(ModelKey.blocks, .uint32(UInt32(blocks.count)))
    for (index, block) in blocks.enumerated() { writer.add("blocks.\(index)", block) }
    writer.add("head.input", head.input)
    for (index, layer) in head.body.enumerated() { writer.add("tail.\(index)", layer) }
    writer.add("head", head.linear)
    try writer.file.write(to: path)
  }
}

extension ModelWriter {
  fileprivate mutating func add(_ prefix: String, _ layer: QuantisedConvolution) {
    set(layer.geometry, prefix)
    let blocks = paddedChannels(layer.geometry.outputChannels) / 16
    switch layer.weights {
    case .int8(let weights, let sums):
      add("\(prefix).weight", weights, dimensions: [blocks, weights.count / blocks / 64, 16, 4])
      add("\(prefix).weight_sum", sums)
    case .int16(let weights, let largestInput):
      add("\(prefix).weight", weights, dimensions: [blocks, weights.count / blocks / 32, 16, 2])
      file.set(ModelKey.largestInput(prefix), .uint32(UInt32(largestInput)))
    case .depthwise(let weights):
      add("\(prefix).weight", weights, dimensions: [weights.count / blocks / 16, blocks * 16])
    case .depthwiseInt16(let weights, let largestInput):
      add("\(prefix).weight", weights, dimensions: [weights.count / blocks / 16, blocks * 16])
      file.set(ModelKey.largestInput(prefix), .uint32(UInt32(largestInput)))
    }
    add("\(prefix).bias", layer.bias)
    add("\(prefix).positive", layer.positive)
    add("\(prefix).negative", layer.negative)
    if let zero = layer.outputZero { add("\(prefix).zero", zero) }
  }

  fileprivate mutating func add(_ prefix: String, _ quantiser: TrunkQuantiser) {
    add("\(prefix).scale", quantiser.scale)
    add("\(prefix).offset", quantiser.offset)
    if let zero = quantiser.zero { add("\(prefix).zero", zero) }
  }

  fileprivate mutating func add(_ prefix: String, _ block: QuantisedBlock) {
    add("\(prefix).input", block.input)
    for (index, layer) in block.body.enumerated() { add("\(prefix).body.\(index)", layer) }
    if let squeezeExcite = block.squeezeExcite {
      file.set("faceq.\(prefix).se.hidden", .uint32(UInt32(squeezeExcite.hidden)))
      add("\(prefix).se.mean_scale", squeezeExcite.meanScale)
      add("\(prefix).se.reduce", squeezeExcite.reduce)
      add("\(prefix).se.expand", squeezeExcite.expand)
    }
    add("\(prefix).gate", block.gate)
    add("\(prefix).trunk_scale", block.trunkScale)
    switch block.shortcut {
    case .none: file.set(ModelKey.shortcut(prefix), .string("none"))
    case .identity: file.set(ModelKey.shortcut(prefix), .string("identity"))
    case .subsample(let stride, let ratio):
      file.set(ModelKey.shortcut(prefix), .string("subsample \(stride)"))
      add("\(prefix).shortcut.ratio", ratio)
    case .convolution(let layer):
      file.set(ModelKey.shortcut(prefix), .string("convolution"))
      add("\(prefix).shortcut", layer)
    }
  }
}

extension ModelReader {
  func quantisedNetwork() throws(FaceqError) -> QuantisedNetwork {
    let stem = try layers(chain("stem").map { "stem.\($0)" }, input: .image, output: .int16)
    var blocks: [QuantisedBlock] = []
    for index in 0..<(try blockCount()) { blocks.append(try block("blocks.\(index)")) }
    var body = try layers(chain("tail").map { "tail.\($0)" } + ["head"], output: .float)
    let linear = body.removeLast()
    let first = body.first ?? linear
    return QuantisedNetwork(
      input: try input(), stem: stem, blocks: blocks,
      head: QuantisedHead(input: try quantiser("head.input", for: first), body: body, linear: linear),
      packedOrder: try packedOrder())
  }

  private func packedOrder() throws(FaceqError) -> PackedOrder {
    guard file.value(ModelKey.packedOrder) != nil else { return .fours }
    let name = try file.string(ModelKey.packedOrder)
    guard let order = PackedOrder(rawValue: name) else {
      throw FaceqError(
        "\(file.path) has its weights packed in the order \(name), which this version of faceq does not know")
    }
    return order
  }

  private enum InputType {
    /// int16 pixels with 4 channels.
    case image
    /// int16 as it is.
    case trunk
    /// int8 or int16, as the layer's weights are.
    case activations
  }

  private enum OutputType { case int8, int16, float }

  /// A chain of layers; each but the last writes what the next one reads.
  private func layers(
    _ names: [String], input: InputType = .activations, output: OutputType
  ) throws(FaceqError) -> [QuantisedConvolution] {
    var layers: [QuantisedConvolution] = []
    for (index, name) in names.enumerated() {
      let written: OutputType =
        index + 1 == names.count ? output : hasInt16Weights(names[index + 1]) ? .int16 : .int8
      layers.append(try layer(name, input: index == 0 ? input : .activations, output: written))
    }
    return layers
  }

  private func hasInt16Weights(_ prefix: String) -> Bool { file.tensorIfPresent("\(prefix).weight")?.type == .int16 }

  private func layer(
    _ prefix: String, input: InputType, output: OutputType
  ) throws(FaceqError) -> QuantisedConvolution {
    let geometry = try geometry(prefix)
    let outputs = paddedChannels(geometry.outputChannels)
    let bias: Tensor<Int32> = try tensor("\(prefix).bias", count: outputs)
    let positions = geometry.kernelHeight * geometry.kernelWidth
    let isInt16 = input != .activations || hasInt16Weights(prefix)
    let weights: PackedWeights
    if geometry.isDepthwise {
      guard input == .activations, output != .float, geometry.groups == geometry.inputChannels else {
        throw FaceqError("\(file.path): \(prefix) cannot be a grouped layer; make the model again")
      }
      let count = positions * outputs
      weights =
        isInt16
        ? .depthwiseInt16(try tensor("\(prefix).weight", count: count), largestInput: try largestInput(prefix, input))
        : .depthwise(try int8Weights("\(prefix).weight", count: count))
    } else {
      let inputs = input == .image ? 4 : paddedChannels(geometry.inputChannels)
      let count = outputs * positions * inputs
      weights =
        isInt16
        ? .int16(try tensor("\(prefix).weight", count: count), largestInput: try largestInput(prefix, input))
        : .int8(
          try int8Weights("\(prefix).weight", count: count), sums: try tensor("\(prefix).weight_sum", count: outputs))
    }
    guard weights.sumsFit(bias: bias) else {
      throw FaceqError(
        "\(file.path): tensor \"\(prefix).weight\" has weights so large that sums would overflow; make the model again")
    }
    return QuantisedConvolution(
      geometry: geometry, weights: weights, bias: bias,
      positive: try finite("\(prefix).positive", count: outputs),
      negative: try finite("\(prefix).negative", count: outputs),
      outputZero: output == .int8 ? try tensor("\(prefix).zero", count: outputs) : nil)
  }

  /// int8 without −128: two products with it do not fit int16, in which some instruction sets add them.
  private func int8Weights(_ name: String, count: Int) throws(FaceqError) -> Tensor<Int8> {
    let weights: Tensor<Int8> = try tensor(name, count: count)
    guard !holdsMinus128(weights) else {
      throw FaceqError("\(file.path): tensor \"\(name)\" holds the weight -128; make the model again")
    }
    return weights
  }

  private func largestInput(_ prefix: String, _ input: InputType) throws(FaceqError) -> Int {
    switch input {
    case .image: return 255
    case .trunk: return 32768
    case .activations:
      let largest = try file.unsigned(ModelKey.largestInput(prefix))
      guard (1...32767).contains(largest) else {
        throw FaceqError("\(file.path): key \"\(ModelKey.largestInput(prefix))\" is \(largest); make the model again")
      }
      return largest
    }
  }

  private func quantiser(_ prefix: String, for next: QuantisedConvolution) throws(FaceqError) -> TrunkQuantiser {
    let count = paddedChannels(next.geometry.inputChannels)
    return TrunkQuantiser(
      scale: try finite("\(prefix).scale", count: count), offset: try finite("\(prefix).offset", count: count),
      zero: next.largestInput == nil ? try tensor("\(prefix).zero", count: count) : nil)
  }

  private func block(_ prefix: String) throws(FaceqError) -> QuantisedBlock {
    let body = try layers(chain("\(prefix).body").map { "\(prefix).body.\($0)" }, output: .int16)
    guard let first = body.first, let last = body.last else {
      throw FaceqError("\(file.path): \(prefix) has no convolution; make the model again")
    }
    let channels = paddedChannels(last.geometry.outputChannels)
    var squeezeExcite: QuantisedSqueezeExcite?
    if file.value("faceq.\(prefix).se.hidden") != nil {
      let hidden = try file.unsigned("faceq.\(prefix).se.hidden")
      guard (1...4096).contains(hidden) else { throw FaceqError("\(file.path): \(prefix) has an impossible SE width") }
      squeezeExcite = QuantisedSqueezeExcite(
        meanScale: try finite("\(prefix).se.mean_scale", count: channels),
        reduce: try finite("\(prefix).se.reduce", count: paddedChannels(hidden) * channels),
        expand: try finite("\(prefix).se.expand", count: paddedChannels(hidden) * channels), hidden: hidden)
    }
    let shortcut: QuantisedShortcut
    switch try shortcutKind(prefix) {
    case .none: shortcut = .none
    case .identity: shortcut = .identity
    case .subsample(let stride):
      shortcut = .subsample(stride: stride, ratio: try finite("\(prefix).shortcut.ratio", count: channels))
    case .convolution:
      shortcut = .convolution(try layer("\(prefix).shortcut", input: .trunk, output: .int16))
    }
    return QuantisedBlock(
      input: try quantiser("\(prefix).input", for: first), body: body,
      squeezeExcite: squeezeExcite, gate: try finite("\(prefix).gate", count: channels), shortcut: shortcut,
      trunkScale: try finite("\(prefix).trunk_scale", count: channels))
  }
}
