/// A float network whose parameters are in the order that the kernels want: packed once, when a session opens.
struct PackedNetwork {
  struct Block {
    let input: FloatAffine?
    let body: [FloatConvolution]
    let squeezeExcite: SqueezeExcite?
    let shortcut: Shortcut
    let shortcutConvolution: FloatConvolution?
  }

  let input: InputFormat
  let stem: [FloatConvolution]
  let blocks: [Block]
  let tail: [FloatConvolution]
  let headInput: FloatAffine?
  let linear: FloatConvolution

  /// - Parameter isWinograd: compute as Winograd what can be.
  init(_ network: Network, isWinograd: Bool) {
    func packed(_ unit: ConvolutionUnit) -> FloatConvolution {
      FloatConvolution(
        unit, storedInputChannels: paddedChannels(unit.geometry.inputChannels), prefersWinograd: isWinograd)
    }
    input = network.input
    stem = network.stem.enumerated().map { $0 == 0 ? FloatConvolution($1, storedInputChannels: 3) : packed($1) }
    blocks = network.blocks.map { block in
      var shortcutConvolution: FloatConvolution?
      if case .convolution(let unit) = block.shortcut { shortcutConvolution = packed(unit) }
      return Block(
        input: block.input.map { FloatAffine($0, channels: block.body[0].geometry.inputChannels) },
        body: block.body.map(packed), squeezeExcite: block.squeezeExcite, shortcut: block.shortcut,
        shortcutConvolution: shortcutConvolution)
    }
    tail = network.tail.map(packed)
    headInput = network.head.input.map {
      FloatAffine($0, channels: network.tail.first?.geometry.inputChannels ?? network.head.inputChannels)
    }
    linear = FloatConvolution(network.head)
  }

  /// The largest number of stored channels of a layer.
  var widest: Int {
    (stem + blocks.flatMap { $0.body } + tail).reduce(0) { max($0, paddedChannels($1.geometry.outputChannels)) }
  }
}
