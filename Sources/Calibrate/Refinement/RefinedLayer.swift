/// What refinement found for one convolution.
struct RefinedLayer: Sendable {
  /// [output channel][weight], in −127…127.
  var values: [Int8]
  /// Of each output channel: weight · input scale ≈ value · step.
  var steps: [Float]
  /// Of each output channel, in the units of the outputs.
  var bias: [Float]
}
