import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Chooses a quantised graph's integers anew, layer by layer, on what each layer reads after the ones before it.
///
/// Both networks' states are kept for a bounded number of images, so that every part of the network runs only a few
/// times.
final class GraphRefinement {
  /// Images at most.
  static let images = 256

  private let float: EmbeddingSession
  private let description: ModelDescription
  private let layers: [LayerScales]
  private let convolutions: ConvolutionQuantiser
  private let images: [[UInt8]]
  private let kernels: KernelTable
  private let threads: ThreadPlan
  private let matrices: MatrixKernels
  /// The node from which each layer's runs begin; nil where that is the image.
  private let starts: [Int?]
  private(set) var graph: Graph<QuantisedLayer>
  /// The state of each image at the cut before the layer that is being refined; none where images are run from the start.
  private var floatStates: [GraphState] = []
  private var int8States: [GraphState] = []

  /// - Parameters:
  ///   - graph: quantised already; its scales stay.
  ///   - layers: those to refine, in the order in which data flows.
  ///   - images: RGB pixels.
  ///   - stateLimit: the limit of the bytes of all images' states. The result does not depend on it.
  init(
    _ model: Model, _ graph: Graph<QuantisedLayer>, layers: [LayerScales], images: [[UInt8]], stateLimit: Int,
    kernels: KernelTable, threads: ThreadPlan
  ) throws(FaceqError) {
    let float = try floatSession(model, kernels: kernels, threads: threads, observing: true)
    let int8 = try EmbeddingSession(
      Model(.int8(graph), model.description), kernels: kernels, threads: threads, observing: true)
    let cuts = try Cuts(graph, images: images.count, limit: stateLimit) { node in
      float.stateByteCount(before: node) + int8.stateByteCount(before: node)
    }
    starts = layers.map { cuts.start(of: $0.node) }
    self.float = float
    description = model.description
    self.graph = graph
    self.layers = layers
    self.images = images
    self.kernels = kernels
    self.threads = threads
    convolutions = ConvolutionQuantiser(rounding: NearestRounding())
    let widest = layers.map { layer in
      layer.weights.isLinear ? layer.weights.inputs : max(layer.weights.perOutput, layer.weights.outputs)
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
      try advanceStates(to: starts[index])
      let layer = try refine(layers[index])
      put(layer, at: layers[index])
      refined.append(layer)
      // The layers after one cut together: what has to be done again is little, and so is what is written.
      if index + 1 == layers.count || starts[index + 1] != starts[index] {
        try file?.save(refined, of: layers)
      }
      advance()
    }
  }

  private func int8Session() throws(FaceqError) -> EmbeddingSession {
    try EmbeddingSession(Model(.int8(graph), description), kernels: kernels, threads: threads, observing: true)
  }

  private func advanceStates(to cut: Int?) throws(FaceqError) {
    guard let cut, cut != floatStates.first?.node else { return }
    let int8 = try int8Session()
    if floatStates.isEmpty {
      for pixels in images {
        floatStates.append(float.state(of: pixels, before: cut))
        int8States.append(int8.state(of: pixels, before: cut))
      }
    } else {
      for image in images.indices {
        floatStates[image] = float.state(from: floatStates[image], before: cut)
        int8States[image] = int8.state(from: int8States[image], before: cut)
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
    guard case .convolution(let old) = graph.nodes[layer.node].layer else { preconditionFailure("it is a convolution") }
    var convolution = convolutions.int8(layer.weights, refined, input: layer.activations, output: layer.output)
    convolution.limits = old.limits
    graph.nodes[layer.node].layer = .convolution(convolution)
  }

  /// What a layer reads in both networks, image by image.
  private func forEachInput(of layer: LayerScales, _ body: (InputPlane, InputPlane) -> Void) throws(FaceqError) {
    let int8 = try int8Session()
    let padding = layer.weights.window.padding
    for image in images.indices {
      var planes: [InputPlane] = []
      if floatStates.isEmpty {
        float.observe(layer.value, of: images[image]) { planes.append(InputPlane($0, padding: padding)) }
        int8.observe(layer.value, of: images[image]) { planes.append(InputPlane($0, padding: padding)) }
      } else {
        float.observe(layer.value, from: floatStates[image]) { planes.append(InputPlane($0, padding: padding)) }
        int8.observe(layer.value, from: int8States[image]) { planes.append(InputPlane($0, padding: padding)) }
      }
      body(planes[0], planes[1])
    }
  }
}
