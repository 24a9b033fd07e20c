extension Network {
  /// Writes a float model file.
  ///
  /// - Throws: where the network's layers do not fit together or the file cannot be written.
  public func write(to path: FilePath, _ description: ModelDescription) throws(FaceqError) {
    _ = try multiplyAccumulates()
    var writer = ModelWriter(
      description, precision: "float32", input: input, embeddingSize: head.embeddingSize)
    for (index, unit) in stem.enumerated() { writer.add("stem.\(index)", unit) }
    writer.file.set(ModelKey.blocks, .uint32(UInt32(blocks.count)))
    for (index, block) in blocks.enumerated() { writer.add("blocks.\(index)", block) }
    for (index, unit) in tail.enumerated() { writer.add("tail.\(index)", unit) }
    writer.add("head.input", head.input)
    writer.file.set(
      ModelKey.geometry("head"),
      .uint32Array([
        UInt32(head.inputChannels), UInt32(head.embeddingSize), UInt32(head.inputHeight), UInt32(head.inputWidth), 1,
        0, 1,
      ]))
    writer.file.add(
      "head.weight", dimensions: [head.embeddingSize, head.inputHeight, head.inputWidth, head.inputChannels],
      head.weights)
    writer.file.add("head.bias", dimensions: [head.embeddingSize], head.bias)
    try writer.file.write(to: path)
  }
}

extension ModelWriter {
  fileprivate mutating func add(_ prefix: String, _ unit: ConvolutionUnit) {
    let geometry = unit.geometry
    set(geometry, prefix)
    file.add(
      "\(prefix).weight",
      dimensions: [
        geometry.outputChannels, geometry.kernelHeight, geometry.kernelWidth, geometry.inputChannels / geometry.groups,
      ], unit.weights)
    file.add("\(prefix).bias", dimensions: [unit.bias.count], unit.bias)
    if let slopes = unit.slopes { file.add("\(prefix).slope", dimensions: [slopes.count], slopes) }
  }

  fileprivate mutating func add(_ prefix: String, _ affine: ChannelAffine?) {
    guard let affine else { return }
    file.add("\(prefix).scale", dimensions: [affine.scale.count], affine.scale)
    file.add("\(prefix).shift", dimensions: [affine.shift.count], affine.shift)
  }

  fileprivate mutating func add(_ prefix: String, _ block: ResidualBlock) {
    add("\(prefix).input", block.input)
    for (index, unit) in block.body.enumerated() { add("\(prefix).body.\(index)", unit) }
    if let squeezeExcite = block.squeezeExcite {
      let channels = squeezeExcite.reduce.count / squeezeExcite.hidden
      file.add("\(prefix).se.reduce", dimensions: [squeezeExcite.hidden, channels], squeezeExcite.reduce)
      file.add("\(prefix).se.expand", dimensions: [channels, squeezeExcite.hidden], squeezeExcite.expand)
    }
    switch block.shortcut {
    case .none: file.set(ModelKey.shortcut(prefix), .string("none"))
    case .identity: file.set(ModelKey.shortcut(prefix), .string("identity"))
    case .subsample(let stride): file.set(ModelKey.shortcut(prefix), .string("subsample \(stride)"))
    case .convolution(let unit):
      file.set(ModelKey.shortcut(prefix), .string("convolution"))
      add("\(prefix).shortcut", unit)
    }
  }
}

extension ModelReader {
  func floatNetwork() throws(FaceqError) -> Network {
    var stem: [ConvolutionUnit] = []
    for index in chain("stem") { stem.append(try unit("stem.\(index)")) }
    var blocks: [ResidualBlock] = []
    for index in 0..<(try blockCount()) { blocks.append(try floatBlock("blocks.\(index)")) }
    var tail: [ConvolutionUnit] = []
    for index in chain("tail") { tail.append(try unit("tail.\(index)")) }
    let geometry = try geometry("head")
    let affine = try affine("head.input", channels: tail.first?.geometry.inputChannels ?? geometry.inputChannels)
    let head = EmbeddingHead(
      input: affine, inputHeight: geometry.kernelHeight, inputWidth: geometry.kernelWidth,
      inputChannels: geometry.inputChannels,
      weights: try array("head.weight", count: geometry.outputChannels * geometry.weightsPerOutput),
      bias: try array("head.bias", count: geometry.outputChannels))
    return Network(input: try input(), stem: stem, blocks: blocks, tail: tail, head: head)
  }

  private func unit(_ prefix: String) throws(FaceqError) -> ConvolutionUnit {
    let geometry = try geometry(prefix)
    return ConvolutionUnit(
      geometry: geometry,
      weights: try array("\(prefix).weight", count: geometry.outputChannels * geometry.weightsPerOutput),
      bias: try array("\(prefix).bias", count: geometry.outputChannels),
      slopes: has("\(prefix).slope") ? try array("\(prefix).slope", count: geometry.outputChannels) : nil)
  }

  private func affine(_ prefix: String, channels: Int) throws(FaceqError) -> ChannelAffine? {
    guard has("\(prefix).scale") else { return nil }
    return ChannelAffine(
      scale: try array("\(prefix).scale", count: channels), shift: try array("\(prefix).shift", count: channels))
  }

  private func floatBlock(_ prefix: String) throws(FaceqError) -> ResidualBlock {
    var body: [ConvolutionUnit] = []
    for index in chain("\(prefix).body") { body.append(try unit("\(prefix).body.\(index)")) }
    guard let first = body.first, let last = body.last else {
      throw FaceqError("\(file.path): \(prefix) has no convolution; make the model again")
    }
    let channels = last.geometry.outputChannels
    var squeezeExcite: SqueezeExcite?
    if let reduce = file.tensorIfPresent("\(prefix).se.reduce"), reduce.dimensions.count == 2 {
      let hidden = reduce.dimensions[0]
      squeezeExcite = SqueezeExcite(
        reduce: try array("\(prefix).se.reduce", count: hidden * channels),
        expand: try array("\(prefix).se.expand", count: channels * hidden), hidden: hidden)
    }
    return ResidualBlock(
      input: try affine("\(prefix).input", channels: first.geometry.inputChannels), body: body,
      squeezeExcite: squeezeExcite, shortcut: try shortcut(prefix))
  }

  private func shortcut(_ prefix: String) throws(FaceqError) -> Shortcut {
    switch try shortcutKind(prefix) {
    case .none: return .none
    case .identity: return .identity
    case .subsample(let stride): return .subsample(stride: stride)
    case .convolution: return .convolution(try unit("\(prefix).shortcut"))
    }
  }

  enum ShortcutKind {
    case none, identity, convolution
    case subsample(Int)
  }

  func shortcutKind(_ prefix: String) throws(FaceqError) -> ShortcutKind {
    let text = try file.string(ModelKey.shortcut(prefix))
    switch text {
    case "none": return .none
    case "identity": return .identity
    case "convolution": return .convolution
    default:
      let words = text.split(separator: " ")
      guard words.count == 2, words[0] == "subsample", let stride = Int(words[1]), (1...16).contains(stride) else {
        throw FaceqError("\(file.path): \(prefix) has an unknown shortcut \"\(text)\"; make the model again")
      }
      return .subsample(stride)
    }
  }
}
