import QuantRuntime
import SIMDKernels

/// Chooses a quantised network's integers anew, layer by layer, on what each layer reads behind the ones before it.
///
/// Both networks' trunks are kept for a bounded number of images, so that every block runs only a few times.
final class NetworkRefinement {
  /// Images at most: what bounds the memory.
  static let images = 256

  private let float: EmbeddingSession
  private let description: ModelDescription
  private let layers: [LayerScales]
  private let convolutions: ConvolutionQuantiser
  private let images: [[UInt8]]
  private let kernels: KernelTable
  private let threads: ThreadPlan
  private let matrices: MatrixKernels
  private(set) var network: QuantisedNetwork
  /// Of each image, in front of the block that is being refined; empty in front of block 0, where images are run again.
  private var floatTrunks: [TrunkState] = []
  private var int8Trunks: [TrunkState] = []

  /// - Parameters:
  ///   - images: RGB pixels.
  ///   - network: quantised already; its scales stay.
  init(
    _ model: Model, _ network: QuantisedNetwork, layers: [LayerScales], images: [[UInt8]], kernels: KernelTable,
    threads: ThreadPlan
  ) throws(FaceqError) {
    float = try floatSession(model, kernels: kernels, threads: threads, observing: true)
    description = model.description
    self.network = network
    self.layers = layers
    self.images = images
    self.kernels = kernels
    self.threads = threads
    convolutions = ConvolutionQuantiser(rounding: NearestRounding())
    let widest = layers.map { layer in
      layer.position == .linear
        ? layer.unit.geometry.inputChannels
        : max(layer.unit.geometry.weightsPerOutput, layer.unit.geometry.outputChannels)
    }
    matrices = MatrixKernels(
      kernels, try ParallelLoop(threads), columns: paddedChannels(widest.max() ?? 0))
  }

  /// - Parameters:
  ///   - file: holds what is done already, and is kept up to date; nil: nothing is kept.
  ///   - advance: called for each layer when it is done.
  func run(_ file: RefinementFile?, _ advance: () -> Void) throws(FaceqError) {
    var refined = file?.load(layers) ?? []
    for (index, layer) in refined.enumerated() {
      put(layer, at: layers[index])
      advance()
    }
    for index in refined.count..<layers.count {
      try advanceTrunks(to: layers[index].block(of: network))
      let layer = try refine(layers[index])
      put(layer, at: layers[index])
      refined.append(layer)
      // A block's layers together: what has to be done again is little, and so is what is written.
      if index + 1 == layers.count || layers[index + 1].block(of: network) != layers[index].block(of: network) {
        try file?.save(refined)
      }
      advance()
    }
  }

  private func int8Session() throws(FaceqError) -> EmbeddingSession {
    try EmbeddingSession(Model(.int8(network), description), kernels: kernels, threads: threads, observing: true)
  }

  private func advanceTrunks(to block: Int) throws(FaceqError) {
    guard block > 0, block != floatTrunks.first?.block else { return }
    let int8 = try int8Session()
    if floatTrunks.isEmpty {
      for pixels in images {
        floatTrunks.append(float.trunk(of: pixels, before: block))
        int8Trunks.append(int8.trunk(of: pixels, before: block))
      }
    } else {
      for image in images.indices {
        floatTrunks[image] = float.trunk(from: floatTrunks[image], before: block)
        int8Trunks[image] = int8.trunk(from: int8Trunks[image], before: block)
      }
    }
  }

  private func refine(_ layer: LayerScales) throws(FaceqError) -> RefinedLayer {
    guard let rounding = layer.rounding as? any LayerwiseRounding else {
      preconditionFailure("only such layers are refined")
    }
    let refinement = rounding.refinement(of: layer, images: images.count, matrices)
    try forEachInput(of: layer) { refinement.add(float: $0, int8: $1) }
    return refinement.finish()
  }

  private func put(_ refined: RefinedLayer, at layer: LayerScales) {
    let convolution = convolutions.int8(layer.unit, refined, input: layer.activations, output: layer.output)
    switch layer.position {
    case .stem(let index): network.stem[index] = convolution
    case .body(let block, let index): network.blocks[block].body[index] = convolution
    case .tail(let index): network.head.body[index] = convolution
    case .linear: network.head.linear = convolution
    }
  }

  /// What a layer reads in both networks, image by image.
  private func forEachInput(of layer: LayerScales, _ body: (InputPlane, InputPlane) -> Void) throws(FaceqError) {
    let int8 = try int8Session()
    let padding = layer.unit.geometry.padding
    for image in images.indices {
      var planes: [InputPlane] = []
      if floatTrunks.isEmpty {
        float.observe(layer.tap, of: images[image]) { planes.append(InputPlane($0, padding: padding)) }
        int8.observe(layer.tap, of: images[image]) { planes.append(InputPlane($0, padding: padding)) }
      } else {
        float.observe(layer.tap, from: floatTrunks[image]) { planes.append(InputPlane($0, padding: padding)) }
        int8.observe(layer.tap, from: int8Trunks[image]) { planes.append(InputPlane($0, padding: padding)) }
      }
      body(planes[0], planes[1])
    }
  }
}
