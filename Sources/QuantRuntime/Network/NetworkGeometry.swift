/// What a layer costs.
public struct LayerWork: Sendable, Equatable {
  /// As its tensors are called in the model file: `blocks.3.body.1`.
  public let name: String
  /// Of one embedding.
  public let multiplyAccumulates: Int
}

/// The shapes of a network, float or int8: enough to check that its parts fit together and to count its work.
struct NetworkGeometry {
  struct Block {
    var body: [ConvolutionGeometry]
    var squeezeExciteHidden: Int?
    var shortcut: Shortcut
  }

  enum Shortcut {
    case none, identity
    case subsample(Int)
    case convolution(ConvolutionGeometry)
  }

  var input: InputFormat
  var stem: [ConvolutionGeometry]
  var blocks: [Block]
  var tail: [ConvolutionGeometry]
  var linear: ConvolutionGeometry

  /// Rows, columns and channels between two layers.
  private struct Extent: Equatable {
    var height: Int
    var width: Int
    var channels: Int
    var description: String { "\(height)×\(width)×\(channels)" }
  }

  /// Multiply-accumulates of one embedding.
  ///
  /// - Throws: where a layer does not fit the one before it, naming it.
  func multiplyAccumulates() throws(FaceqError) -> Int {
    try layerWork().reduce(0) { $0 + $1.multiplyAccumulates }
  }

  /// Of each layer with weights, in the order in which data flows.
  ///
  /// - Throws: where a layer does not fit the one before it, naming it.
  func layerWork() throws(FaceqError) -> [LayerWork] {
    var work: [LayerWork] = []
    guard (1...4096).contains(input.height), (1...4096).contains(input.width), input.divisor > 0 else {
      throw FaceqError("the input is \(input.height)×\(input.width)")
    }
    guard !stem.isEmpty, !blocks.isEmpty else { throw FaceqError("the network has no layers") }
    guard stem[0].groups == 1 else { throw FaceqError("stem.0 is a depthwise convolution of the image") }
    var extent = Extent(height: input.height, width: input.width, channels: 3)
    for (index, layer) in stem.enumerated() {
      extent = try apply(layer, to: extent, name: "stem.\(index)", work: &work)
    }
    for (index, block) in blocks.enumerated() {
      let name = "blocks.\(index)"
      var branch = extent
      guard !block.body.isEmpty else { throw FaceqError("\(name) has no convolution") }
      for (position, layer) in block.body.enumerated() {
        branch = try apply(layer, to: branch, name: "\(name).body.\(position)", work: &work)
      }
      if let hidden = block.squeezeExciteHidden {
        guard hidden > 0, hidden <= 4096, branch.height * branch.width <= 65535 else {
          throw FaceqError("\(name) has an impossible squeeze-and-excitation")
        }
        work.append(LayerWork(name: "\(name).se", multiplyAccumulates: 2 * hidden * branch.channels))
      }
      let shortcut: Extent
      switch block.shortcut {
      case .none: shortcut = branch
      case .identity: shortcut = extent
      case .subsample(let stride):
        guard (1...16).contains(stride) else { throw FaceqError("\(name) has an impossible shortcut") }
        shortcut = Extent(
          height: (extent.height - 1) / stride + 1, width: (extent.width - 1) / stride + 1, channels: extent.channels)
      case .convolution(let layer):
        // The trunk has no border.
        guard layer.padding == 0, layer.groups == 1 else { throw FaceqError("\(name) has an impossible shortcut") }
        shortcut = try apply(layer, to: extent, name: "\(name).shortcut", work: &work)
      }
      guard shortcut == branch else {
        throw FaceqError("\(name) adds \(branch.description) values to \(shortcut.description)")
      }
      extent = branch
    }
    for (index, layer) in tail.enumerated() {
      extent = try apply(layer, to: extent, name: "tail.\(index)", work: &work)
    }
    let embedding = try apply(linear, to: extent, name: "head", work: &work)
    guard embedding.height == 1, embedding.width == 1, linear.padding == 0, linear.groups == 1 else {
      throw FaceqError("head does not cover \(extent.description) values")
    }
    return work
  }

  private func apply(
    _ layer: ConvolutionGeometry, to input: Extent, name: String, work: inout [LayerWork]
  ) throws(FaceqError) -> Extent {
    let limits = 1...65536
    guard limits.contains(layer.outputChannels), layer.inputChannels == input.channels else {
      throw FaceqError("\(name) wants \(layer.inputChannels) channels and gets \(input.channels)")
    }
    guard
      layer.groups == 1 || (layer.groups == layer.inputChannels && layer.outputChannels == layer.inputChannels),
      (1...256).contains(layer.kernelHeight), (1...256).contains(layer.kernelWidth), (1...16).contains(layer.stride),
      (0...16).contains(layer.padding), input.height + 2 * layer.padding >= layer.kernelHeight,
      input.width + 2 * layer.padding >= layer.kernelWidth
    else { throw FaceqError("\(name) has an impossible shape for \(input.description) values") }
    let output = Extent(
      height: layer.outputHeight(input.height), width: layer.outputWidth(input.width), channels: layer.outputChannels)
    let multiplications = output.height * output.width * layer.outputChannels
    let (product, overflow) = multiplications.multipliedReportingOverflow(by: layer.weightsPerOutput)
    guard !overflow, product < 1 << 48 else { throw FaceqError("\(name) is too large") }
    work.append(LayerWork(name: name, multiplyAccumulates: product))
    return output
  }
}

extension Network {
  var geometry: NetworkGeometry {
    NetworkGeometry(
      input: input, stem: stem.map { $0.geometry },
      blocks: blocks.map { block in
        let shortcut: NetworkGeometry.Shortcut =
          switch block.shortcut {
          case .none: .none
          case .identity: .identity
          case .subsample(let stride): .subsample(stride)
          case .convolution(let unit): .convolution(unit.geometry)
          }
        return NetworkGeometry.Block(
          body: block.body.map { $0.geometry }, squeezeExciteHidden: block.squeezeExcite?.hidden, shortcut: shortcut)
      },
      tail: tail.map { $0.geometry },
      linear: ConvolutionGeometry(
        inputChannels: head.inputChannels, outputChannels: head.embeddingSize, kernelHeight: head.inputHeight,
        kernelWidth: head.inputWidth))
  }

  /// Multiply-accumulates of one embedding.
  ///
  /// - Throws: where a layer does not fit the one before it, naming it.
  public func multiplyAccumulates() throws(FaceqError) -> Int { try geometry.multiplyAccumulates() }

  /// Of each layer with weights, in the order in which data flows.
  ///
  /// - Throws: where a layer does not fit the one before it, naming it.
  public func layerWork() throws(FaceqError) -> [LayerWork] { try geometry.layerWork() }
}

extension QuantisedNetwork {
  var geometry: NetworkGeometry {
    NetworkGeometry(
      input: input, stem: stem.map { $0.geometry },
      blocks: blocks.map { block in
        let shortcut: NetworkGeometry.Shortcut =
          switch block.shortcut {
          case .none: .none
          case .identity: .identity
          case .subsample(let stride, _): .subsample(stride)
          case .convolution(let layer): .convolution(layer.geometry)
          }
        return NetworkGeometry.Block(
          body: block.body.map { $0.geometry }, squeezeExciteHidden: block.squeezeExcite?.hidden, shortcut: shortcut)
      },
      tail: head.body.map { $0.geometry }, linear: head.linear.geometry)
  }
}
