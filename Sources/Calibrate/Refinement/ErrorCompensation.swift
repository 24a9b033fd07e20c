/// Rounds a layer's weights so that their errors make up for each other, and for the errors of what the layer reads.
package struct ErrorCompensation: LayerwiseRounding {
  /// The share of the mean second moment of what a layer reads that is added to every one.
  package var damping: Float = 0.01
  /// How much of the error of what a layer reads its weights are changed against, 0…1.
  package var correction: Float = 1
  /// How much of every pixel's moments before the linear layer are those of all pixels, 0…1.
  package var pooling: Float = 0.5
  /// The number of sweeps of coordinate descent after the rounding.
  package var sweeps = 4

  package init() {}

  package var name: String { "compensated" }

  /// The plain rounding that comes first.
  package func round(_ weights: [Float], limit: Float) -> (values: [Int16], step: Float) {
    MinimumErrorRounding().round(weights, limit: limit)
  }

  func refinement(of layer: LayerScales, images: Int, _ kernels: MatrixKernels) -> any LayerRefinement {
    let (weights, scale) = (layer.weights, layer.activations.scale)
    if weights.isLinear { return LinearRefinement(weights, scale: scale, images: images, kernels, self) }
    switch weights.convolution.grouping {
    // A matrix of moments of so many weights would take gigabytes.
    case .dense where weights.perOutput > 10_000: return BiasRefinement(layer)
    case .dense: return DenseRefinement(weights, scale: scale, kernels, self)
    case .depthwise: return DepthwiseRefinement(weights, scale: scale, kernels, self)
    // Few inputs for each output, so that little is gained: their integers stay, and the means are made up for.
    case .groups: return BiasRefinement(layer)
    }
  }
}
