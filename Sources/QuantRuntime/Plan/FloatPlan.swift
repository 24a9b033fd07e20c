import FaceqSupport
import SIMDKernels

/// Plans a float graph: the reference that int8 is measured against.
struct FloatPlan {
  var plan: ProgramPlan
  let graph: Graph<PackedFloatLayer>
  /// A pixel of ones, and of zeros, as wide as the widest value.
  private let ones: UnsafePointer<Float>
  private let zeros: UnsafePointer<Float>

  init(_ graph: Graph<PackedFloatLayer>, _ plan: ProgramPlan) {
    self.graph = graph
    self.plan = plan
    let widest = plan.layout.planes.reduce(16) { max($0, $1.storedChannels) }
    ones = self.plan.keep(Tensor([Float](repeating: 1, count: widest)))
    zeros = self.plan.keep(Tensor([Float](repeating: 0, count: widest)))
  }

  /// - Throws: where a node cannot be computed, naming it.
  mutating func addNodes() throws(FaceqError) {
    for index in graph.nodes.indices {
      plan.beginNode()
      if !plan.layout.isAlias[index] { try add(index) }
      plan.appendObservation(of: index, named: graph.label(index), zero: nil, scale: nil)
    }
    plan.beginNode()
  }

  private mutating func add(_ index: Int) throws(FaceqError) {
    let node = graph.nodes[index]
    let (name, output) = (graph.label(index), plan.plane(index))
    let input = node.inputs.first.map { plan.plane($0) } ?? output
    switch (node.operation, node.layer) {
    case (.image(let format), _): plan.addImage(format)
    case (.convolution(let convolution), .convolution(let layer)):
      try add(convolution, layer, name, input, output, isLinear: false)
    case (.linear(let convolution), .convolution(let layer)):
      try add(convolution, layer, name, input, output, isLinear: true)
    case (.affine(let activation), .affine(let scale, let shift, let slopes)):
      addAffine(
        name, input, output, scale: plan.keep(scale), shift: plan.keep(shift), floatActivation(activation, slopes))
    case (.copy(let activation), let layer):
      addAffine(name, input, output, scale: ones, shift: zeros, floatActivation(activation, layer?.slopes))
    case (.add(let addition), let layer):
      let pass = FloatSumPass(
        branch: SumOperand(plan.plane(node.inputs[1]), addition.branch),
        factor: addition.isGated ? UnsafePointer(plan.plane(node.inputs[2]).floats) : nil,
        base: SumOperand(input, addition.base), activation: floatActivation(addition.activation, layer?.slopes),
        output: output.output, width: output.width, channels: output.storedChannels)
      addSum(pass, name, output)
    case (.multiply, _):
      let pass = FloatSumPass(
        branch: SumOperand(input, .none), factor: UnsafePointer(plan.plane(node.inputs[1]).floats), base: nil,
        output: output.output, width: output.width, channels: output.storedChannels)
      addSum(pass, name, output)
    case (.gate, .gate(let gate)): addGate(gate, name, input, output)
    case (.globalAverage, _): addAverage(name, input, output)
    default:
      guard plan.addMove(node.operation, named: name, node.inputs, index, zeros: [], border: border(output)) else {
        throw FaceqError("\(name) cannot be computed")
      }
    }
  }

  private func border(_ plane: Plane) -> BorderFill { BorderFill(plane: plane, pixel: UnsafeRawPointer(zeros)) }

  private mutating func floatActivation(_ activation: Activation, _ slopes: Tensor<Float>?) -> FloatActivation {
    FloatActivation(slopes: slopes.map { plan.keep($0) }, limits: activation.floatLimits ?? FloatLimits())
  }

  private mutating func addAffine(
    _ name: String, _ input: Plane, _ output: Plane, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>,
    _ activation: FloatActivation
  ) {
    let pass = FloatAffinePass(
      input: input.input, width: output.width, channels: output.storedChannels, scale: scale, shift: shift,
      activation: activation, output: output.output)
    plan.appendRows(LayerDescription(name, .sum), of: output, border: border(output)) {
      [scale = plan.kernels.planes.floats.scale] in scale(pass, $0)
    }
  }

  private mutating func addSum(_ pass: FloatSumPass, _ name: String, _ output: Plane) {
    plan.appendRows(LayerDescription(name, .sum), of: output, border: border(output)) {
      [add = plan.kernels.planes.sums.addFloat] in add(pass, $0)
    }
  }

  /// Adds the step that sums up the pixels of a plane.
  ///
  /// - Returns: the sums [channel], padded.
  private mutating func addPixelSums(_ name: String, _ input: Plane) -> UnsafeMutablePointer<Float> {
    let sums = plan.zeroes(input.storedChannels, of: Float.self)
    let pass = PlaneSums(input: input.input, height: input.height, width: input.width, sums: sums)
    let split = RangeSplit(count: input.blocks, threads: plan.threads)
    plan.append(LayerDescription(name, .squeezeExcite), parts: split.parts) {
      [sum = plan.kernels.planes.sums.pixelsOfFloat] part, _ in sum(pass, split.range(part))
    }
    return sums
  }

  private mutating func addGate(_ gate: PackedGate, _ name: String, _ input: Plane, _ output: Plane) {
    let sums = addPixelSums(name + ".sums", input)
    let meanScale = 1 / Float(input.pixels)
    let pass = SqueezeExciteGate(
      means: plan.zeroes(input.storedChannels, of: Float.self), channels: input.storedChannels,
      hiddenValues: plan.zeroes(gate.hidden, of: Float.self), hidden: gate.hidden, reduce: plan.keep(gate.reduce),
      expand: plan.keep(gate.expand), reduceBias: gate.biases.map { plan.keep($0.reduce) },
      expandBias: gate.biases.map { plan.keep($0.expand) }, factor: ones, gate: output.floats)
    plan.append(LayerDescription(name, .squeezeExcite)) { [excite = plan.kernels.squeezeExcite] _, _ in
      for channel in 0..<pass.channels { pass.means[channel] = sums[channel] * meanScale }
      excite(pass)
    }
  }

  private mutating func addAverage(_ name: String, _ input: Plane, _ output: Plane) {
    let sums = addPixelSums(name + ".sums", input)
    let scale = 1 / Float(input.pixels)
    let border = border(output)
    plan.append(LayerDescription(name, .pool)) { _, _ in
      for channel in 0..<output.storedChannels { output.floats[channel] = sums[channel] * scale }
      border.run(part: 0, of: 1)
    }
  }

  // MARK: - Convolutions

  private mutating func add(
    _ convolution: Convolution, _ layer: PackedFloatConvolution, _ name: String, _ input: Plane, _ output: Plane,
    isLinear: Bool
  ) throws(FaceqError) {
    let window = convolution.window
    let weights = plan.keep(layer.weights)
    let epilogue = FloatOutput(
      plane: output.output, bias: plan.keep(layer.bias), slopes: plan.keep(layer.slopes))
    let float = plan.kernels.float
    func description(_ kernel: String) -> LayerDescription {
      LayerDescription(name, convolution, .float, kernel, input: input, output: output, isLinear: isLinear)
    }
    let raw = UnsafeRawPointer(weights)
    let clamp = convolution.activation.floatLimits.map { limits in
      ClampPass(plane: output.output, width: output.width, limits: limits)
    }
    switch layer.order {
    case .direct:
      append(
        description(float.direct.name), input.layer(window, weights: raw, outputWidth: output.width), float.direct,
        epilogue, output, clamp)
    case .winograd:
      let winograd = FloatWinogradConvolution(
        input.floatWinogradLayer(window, weights: weights, output: output), float.winograd, blocks: output.blocks,
        threads: plan.threads, plan.memory)
      let border = border(output)
      plan.append(description(float.winograd.name), parts: winograd.parts) { [kernel = float.winograd] part, worker in
        kernel.run(winograd.layer, epilogue, winograd.slice(part, worker: worker))
        border.run(part: part, of: winograd.parts)
      }
      // Slices of Winograd are tiles, which no clamp knows.
      if let clamp {
        plan.append(LayerDescription(name + ".clamp", .sum)) {
          [clampFloat = plan.kernels.planes.conversions.clampFloat]
          _, _ in
          clampFloat(clamp, ConvolutionSlice(blocks: 0..<output.blocks, pixels: 0..<output.pixels))
        }
      }
    case .depthwise:
      append(
        description(float.depthwise.name), input.depthwiseLayer(window, weights: raw, outputWidth: output.width),
        float.depthwise, epilogue, output, clamp)
    case .grouped(let weightOrder):
      guard let order = weightOrder.grouped else { throw FaceqError("\(name) cannot be computed") }
      let layer = GroupedLayer(
        window: input.depthwiseLayer(window, weights: raw, outputWidth: output.width), order: order)
      append(description(float.grouped.name), layer, float.grouped, epilogue, output, clamp)
    }
  }

  /// Adds the step of a convolution that `kernel` computes slice by slice.
  private mutating func append<Layer>(
    _ description: LayerDescription, _ layer: Layer, _ kernel: ConvolutionKernel<Layer, FloatOutput>,
    _ epilogue: FloatOutput, _ output: Plane, _ clamp: ClampPass<FloatLimits>?
  ) {
    let split = ConvolutionSplit(
      layer, kernel, blocks: output.blocks, pixels: output.pixels, threads: plan.threads, plan.memory)
    let border = border(output)
    let clampFloat = plan.kernels.planes.conversions.clampFloat
    plan.append(description, parts: split.parts) { part, worker in
      let slice = split.slice(part, worker: worker)
      kernel.run(layer, epilogue, slice)
      if let clamp { clampFloat(clamp, slice) }
      border.run(part: part, of: split.parts)
    }
  }
}

extension SumOperand {
  /// An operand of int16 or float that an addition reads.
  init(_ plane: Plane, _ resampling: Resampling) {
    switch resampling {
    case .none: self.init(plane: plane.input)
    case .subsample(let stride): self.init(plane: plane.input, stride: stride)
    case .upsample: self.init(plane: plane.input, shift: 1)
    }
  }
}
