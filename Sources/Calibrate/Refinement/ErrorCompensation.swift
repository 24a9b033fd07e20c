/// Rounds a layer's weights so that their errors make up for each other, and for the errors of what the layer reads.
public struct ErrorCompensation: LayerwiseRounding {
  /// Of the mean second moment of what a layer reads, added to every one.
  public var damping: Float = 0.01
  /// How much of the error of what a layer reads its weights are changed against, 0…1.
  public var correction: Float = 1
  /// How much of every pixel's moments in front of the linear layer are those of all pixels, 0…1.
  public var pooling: Float = 0.5
  /// Sweeps of coordinate descent behind the rounding.
  public var sweeps = 4

  public init() {}

  public var name: String { "compensated" }

  /// The plain rounding that comes first.
  public func round(_ weights: [Float], limit: Float) -> (values: [Int16], step: Float) {
    MinimumErrorRounding().round(weights, limit: limit)
  }

  func refinement(of layer: LayerScales, images: Int, _ kernels: MatrixKernels) -> any LayerRefinement {
    if layer.position == .linear {
      return LinearRefinement(layer.unit, scale: layer.activations.scale, images: images, kernels, self)
    }
    if layer.unit.geometry.isDepthwise {
      return DepthwiseRefinement(layer.unit, scale: layer.activations.scale, kernels, self)
    }
    return DenseRefinement(layer.unit, scale: layer.activations.scale, kernels, self)
  }
}
