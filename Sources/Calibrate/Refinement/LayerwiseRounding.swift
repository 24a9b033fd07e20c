/// A rounding that takes more than a layer's weights: the network is rounded plainly first, and then such layers are
/// rounded again, one after the other, on what they read in the quantised network (see `GraphRefinement`).
protocol LayerwiseRounding: WeightRounding {
  /// - Parameter images: the largest number of images that will be shown.
  func refinement(of layer: LayerScales, images: Int, _ kernels: MatrixKernels) -> any LayerRefinement
}

/// Learns from what one layer reads, then rounds it.
protocol LayerRefinement {
  /// - Parameters:
  ///   - float: what the float layer reads; overwritten.
  ///   - int8: what the quantised layer reads, in units of its scales.
  func add(float: InputPlane, int8: InputPlane)
  func finish() -> RefinedLayer
}

/// What refinement found for one convolution.
package struct RefinedLayer: Sendable {
  /// The weights [output channel][weight], in −127…127.
  var values: [Int8]
  /// The step of each output channel: weight · input scale ≈ value · step.
  var steps: [Float]
  /// The bias of each output channel, in the units of the outputs.
  var bias: [Float]
}
