import SIMDKernels

extension QuantisedNetwork {
  /// Writes an int8 model file.
  ///
  /// - Parameter digest: of the model that this one was packed from.
  public func write(
    to path: String, _ description: ModelDescription, packedFrom digest: String? = nil
  ) throws(FaceqError) {
    var writer = ModelWriter(description, precision: "int8", input: input, embeddingSize: head.embeddingSize)
    for (index, layer) in stem.enumerated() { writer.add("stem.\(index)", layer) }
    if let digest {
      writer.file.set(ModelKey.packedOrder, .string(packedOrder.rawValue))
      writer.file.set(ModelKey.packedDigest, .string(digest))
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
    case .int16(let weights):
      add("\(prefix).weight", weights, dimensions: [blocks, weights.count / blocks / 32, 16, 2])
    case .depthwise(let weights):
      add("\(prefix).weight", weights, dimensions: [weights.count / blocks / 16, blocks * 16])
    }
    add("\(prefix).bias", layer.bias)
    add("\(prefix).positive", layer.positive)
    add("\(prefix).negative", layer.negative)
    if let zero = layer.outputZero { add("\(prefix).zero", zero) }
  }

  fileprivate mutating func add(_ prefix: String, _ quantiser: TrunkQuantiser) {
    add("\(prefix).scale", quantiser.scale)
    add("\(prefix).offset", quantiser.offset)
    add("\(prefix).zero", quantiser.zero)
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
    var stem: [QuantisedConvolution] = []
    let positions = chain("stem")
    for index in positions {
      stem.append(
        try layer(
          "stem.\(index)", input: index == 0 ? .image : .int8,
          output: index == positions.upperBound - 1 ? .int16 : .int8))
    }
    var blocks: [QuantisedBlock] = []
    for index in 0..<(try blockCount()) { blocks.append(try block("blocks.\(index)")) }
    var body: [QuantisedConvolution] = []
    for index in chain("tail") { body.append(try layer("tail.\(index)", output: .int8)) }
    let linear = try layer("head", output: .float)
    let channels = body.first?.geometry.inputChannels ?? linear.geometry.inputChannels
    return QuantisedNetwork(
      input: try input(), stem: stem, blocks: blocks,
      head: QuantisedHead(input: try quantiser("head.input", channels: channels), body: body, linear: linear),
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
    case int8, int16
    /// int16 pixels with 4 channels.
    case image
  }

  private enum OutputType { case int8, int16, float }

  private func layer(
    _ prefix: String, input: InputType = .int8, output: OutputType
  ) throws(FaceqError) -> QuantisedConvolution {
    let geometry = try geometry(prefix)
    let outputs = paddedChannels(geometry.outputChannels)
    let weights: PackedWeights
    if geometry.isDepthwise {
      guard input == .int8, output != .float, geometry.groups == geometry.inputChannels else {
        throw FaceqError("\(file.path): \(prefix) cannot be a grouped layer; make the model again")
      }
      weights = .depthwise(
        try tensor("\(prefix).weight", count: geometry.kernelHeight * geometry.kernelWidth * outputs))
    } else {
      let inputs = input == .image ? 4 : paddedChannels(geometry.inputChannels)
      let count = outputs * geometry.kernelHeight * geometry.kernelWidth * inputs
      weights =
        if input == .int8 {
          .int8(try tensor("\(prefix).weight", count: count), sums: try tensor("\(prefix).weight_sum", count: outputs))
        } else {
          .int16(try tensor("\(prefix).weight", count: count))
        }
    }
    return QuantisedConvolution(
      geometry: geometry, weights: weights, bias: try tensor("\(prefix).bias", count: outputs),
      positive: try finite("\(prefix).positive", count: outputs),
      negative: try finite("\(prefix).negative", count: outputs),
      outputZero: output == .int8 ? try tensor("\(prefix).zero", count: outputs) : nil)
  }

  private func quantiser(_ prefix: String, channels: Int) throws(FaceqError) -> TrunkQuantiser {
    let count = paddedChannels(channels)
    return TrunkQuantiser(
      scale: try finite("\(prefix).scale", count: count), offset: try finite("\(prefix).offset", count: count),
      zero: try tensor("\(prefix).zero", count: count))
  }

  private func block(_ prefix: String) throws(FaceqError) -> QuantisedBlock {
    let positions = chain("\(prefix).body")
    var body: [QuantisedConvolution] = []
    for index in positions {
      body.append(
        try layer("\(prefix).body.\(index)", output: index == positions.upperBound - 1 ? .int16 : .int8))
    }
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
      shortcut = .convolution(try layer("\(prefix).shortcut", input: .int16, output: .int16))
    }
    return QuantisedBlock(
      input: try quantiser("\(prefix).input", channels: first.geometry.inputChannels), body: body,
      squeezeExcite: squeezeExcite, gate: try finite("\(prefix).gate", count: channels), shortcut: shortcut,
      trunkScale: try finite("\(prefix).trunk_scale", count: channels))
  }
}
