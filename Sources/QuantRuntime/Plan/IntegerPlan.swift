import FaceqSupport
import SIMDKernels

/// Plans a quantised graph: image (int16) → bytes, sums and floats, as `Representations` says.
///
/// A step that writes what a convolution reads also fills the border around it.
struct IntegerPlan {
  var plan: ProgramPlan
  let graph: Graph<QuantisedLayer>
  let winogradChoice: WinogradChoice
  let readers: [[Int]]
  /// The zero points of values that are bytes, for each channel, padded.
  private(set) var zeros: [Tensor<Int8>?] = []
  /// The sums over pixels of values that have been summed up by the step that wrote them.
  var pixelSums: [PixelSums?]
  /// What is added to what is done already: the sum that the next node converts, row by row.
  private var pendingSum: PendingSum?

  private struct PendingSum {
    var pass: SumPass
    var layer: LayerDescription
  }

  init(_ graph: Graph<QuantisedLayer>, _ plan: ProgramPlan, _ winograd: WinogradChoice) {
    self.graph = graph
    self.plan = plan
    winogradChoice = winograd
    readers = graph.readers
    pixelSums = [PixelSums?](repeating: nil, count: graph.nodes.count)
  }

  /// - Throws: where a node cannot be computed, naming it.
  mutating func addNodes() throws(FaceqError) {
    for index in graph.nodes.indices {
      zeros.append(zeroPoints(index))
      plan.beginNode()
      guard !plan.layout.isAlias[index] else { continue }
      try add(index)
      var scale: Tensor<Float>?
      if case .sum(let layer) = graph.nodes[index].layer { scale = layer.scale }
      plan.appendObservation(of: index, named: graph.label(index), zero: zeros[index], scale: scale)
    }
    plan.beginNode()
  }

  private mutating func add(_ index: Int) throws(FaceqError) {
    let node = graph.nodes[index]
    let name = graph.label(index)
    switch (node.operation, node.layer) {
    case (.image(let format), _): plan.addImage(format)
    case (.convolution(let convolution), .convolution(let layer)):
      try add(convolution, layer, index, isLinear: false)
    case (.linear(let convolution), .convolution(let layer)):
      try add(convolution, layer, index, isLinear: true)
    case (.affine(let activation), .conversion(let layer)), (.copy(let activation), .conversion(let layer)):
      try addConversion(layer, activation, index)
    case (.globalAverage, .conversion(let layer)): try addAverage(layer, index)
    case (.add(let addition), .sum(let layer)): addSum(addition, layer, index)
    case (.multiply, .product(let layer)): try addProduct(layer, index)
    case (.gate, .gate(let layer)): addGate(layer, index)
    default:
      let read = node.inputs.first.flatMap { zeros[$0] }.map { Array($0.buffer) } ?? []
      guard plan.addMove(node.operation, named: name, node.inputs, index, zeros: read, border: border(index)) else {
        throw FaceqError("\(name) cannot be computed")
      }
    }
  }

  // MARK: - What stands for 0

  /// The zero points of a node that writes bytes.
  private func zeroPoints(_ index: Int) -> Tensor<Int8>? {
    guard plan.form(index) == .bytes else { return nil }
    let node = graph.nodes[index]
    if let zero = node.layer?.zero { return zero }
    func channels(_ input: Int) -> ArraySlice<Int8> {
      zeros[input].map { Array($0.buffer)[..<plan.plane(input).channels] } ?? []
    }
    let moved: ArraySlice<Int8> =
      switch node.operation {
      case .concatenate: ArraySlice(node.inputs.flatMap { channels($0) })
      case .slice(let first, let count): channels(node.inputs[0]).dropFirst(first).prefix(count)
      case .depthToSpace: channels(node.inputs[0]).prefix(plan.plane(index).channels)
      default: node.inputs.first.map { channels($0) } ?? []
      }
    return Tensor(padded(Array(moved), with: 0))
  }

  /// What fills the border around what a node writes.
  mutating func border(_ index: Int) -> BorderFill {
    let plane = plan.plane(index)
    guard let zero = zeros[index], !plane.border.isEmpty else { return plan.zeroBorder(plane) }
    let flip = plan.kernels.pixelFlip
    let pixel = flip == 0 ? plan.keep(zero) : plan.keep(Tensor(zero.buffer.map { $0 ^ flip }))
    return BorderFill(plane: plane, pixel: UnsafeRawPointer(pixel))
  }

  // MARK: - Conversions

  private mutating func addConversion(
    _ layer: IntegerConversion, _ activation: Activation, _ index: Int
  ) throws(FaceqError) {
    let input = graph.nodes[index].inputs[0]
    try addConversion(
      of: plan.plane(input), plan.form(input), layer, scale: plan.keep(layer.scale), activation, index)
  }

  /// - Parameter form: of what is converted; nil for sums of int32.
  private mutating func addConversion(
    of input: Plane, _ form: Form?, _ layer: IntegerConversion, scale: UnsafePointer<Float>, _ activation: Activation,
    _ index: Int
  ) throws(FaceqError) {
    let (name, output) = (graph.label(index), plan.plane(index))
    let pass = Conversion(
      input: input.input, width: output.width, channels: output.storedChannels, scale: scale,
      offset: plan.keep(layer.offset), output: output.output)
    let conversions = plan.kernels.planes.conversions
    let limits = limits(layer.limits, activation, zero: layer.zero, output)
    let floatLimits =
      activation == .relu ? FloatLimits(lowest: 0) : activation.floatLimits ?? FloatLimits()
    let rows: (Range<Int>) -> Void
    switch (form, plan.form(index)) {
    case (.int16, .bytes):
      rows = { [convert = conversions.int16ToInt8] in convert(pass, limits, $0) }
    case (.int16, .int16(let largest)):
      let range = largest.int16Range
      rows = { [convert = conversions.int16ToInt16] in convert(pass, limits, range, $0) }
    case (.int16, .float):
      rows = { [convert = conversions.int16ToFloat] in convert(pass, floatLimits, $0) }
    case (.bytes, .float):
      rows = { [convert = conversions.int8ToFloat] in convert(pass, floatLimits, $0) }
    case (nil, .bytes):
      rows = { [convert = conversions.int32ToInt8] in convert(pass, limits, $0) }
    case (nil, .int16(let largest)):
      let range = largest.int16Range
      rows = { [convert = conversions.int32ToInt16] in convert(pass, limits, range, $0) }
    case (nil, .float):
      rows = { [convert = conversions.int32ToFloat] in convert(pass, floatLimits, $0) }
    default: throw FaceqError("\(name) cannot be computed from what it reads")
    }
    append(rows, LayerDescription(name, .sum), border(index))
  }

  /// Adds a step that computes rows inside a border, each after the row of the pending sum, where there is one.
  private mutating func append(_ rows: @escaping (Range<Int>) -> Void, _ layer: LayerDescription, _ border: BorderFill)
  {
    guard let pending = pendingSum else { return plan.appendRows(layer, of: border.plane, border: border, run: rows) }
    pendingSum = nil
    plan.appendRows(pending.layer, of: border.plane, border: border) {
      [add = plan.kernels.planes.sums.add, sum = pending.pass] range in
      for row in range {
        add(sum, row..<row + 1)
        rows(row..<row + 1)
      }
    }
  }

  /// What a result is clamped to besides the range of its form; nil where that is all.
  private mutating func limits(
    _ limits: ChannelLimits?, _ activation: Activation, zero: Tensor<Int8>?, _ output: Plane
  ) -> IntegerLimits? {
    if let limits { return IntegerLimits(lowest: plan.keep(limits.lowest), highest: plan.keep(limits.highest)) }
    guard activation == .relu else { return nil }
    let lowest = (0..<output.storedChannels).map { channel in zero.map { Int16($0[channel]) } ?? 0 }
    let highest = [Int16](repeating: output.valueBytes == 1 ? 127 : 32767, count: output.storedChannels)
    return IntegerLimits(lowest: plan.keep(Tensor(lowest)), highest: plan.keep(Tensor(highest)))
  }

  // MARK: - Sums and products

  private mutating func addSum(_ addition: Addition, _ layer: IntegerSum, _ index: Int) {
    let (node, output) = (graph.nodes[index], plan.plane(index))
    let factor =
      addition.isGated
      ? gated(node.inputs[2], layer.factor, named: graph.label(index)) : plan.keep(layer.factor)
    let pass = SumPass(
      branch: SumOperand(plan.plane(node.inputs[1]), addition.branch), factor: factor,
      base: SumOperand(plan.plane(node.inputs[0]), addition.base), ratio: layer.ratio.map { plan.keep($0) },
      slopes: layer.slopes.map { plan.keep($0) },
      limits: limits(layer.limits, addition.activation, zero: nil, output), output: output.output,
      width: output.width, channels: output.storedChannels)
    let description = LayerDescription(graph.label(index), .sum)
    if plan.layout.joinsNext[index] {
      pendingSum = PendingSum(pass: pass, layer: description)
    } else {
      plan.appendRows(description, of: output, border: border(index)) {
        [add = plan.kernels.planes.sums.add] in add(pass, $0)
      }
    }
  }

  private mutating func addProduct(_ layer: IntegerProduct, _ index: Int) throws(FaceqError) {
    let (node, output) = (graph.nodes[index], plan.plane(index))
    let input = node.inputs[0]
    let name = graph.label(index)
    let pass = ProductPass(
      input: plan.plane(input).input, inputZero: zeros[input].map { plan.keep($0) }, width: output.width,
      channels: output.storedChannels, factor: gated(node.inputs[1], layer.factor, named: name),
      output: output.output, zero: zeros[index].map { plan.keep($0) })
    let products = plan.kernels.planes.products
    let rows: (Range<Int>) -> Void
    switch (plan.form(input), plan.form(index)) {
    case (.bytes, .bytes): rows = { [multiply = products.int8ToInt8] in multiply(pass, $0) }
    case (.int16, .bytes): rows = { [multiply = products.int16ToInt8] in multiply(pass, $0) }
    case (.int16, .int16(let largest)):
      let range = largest.int16Range
      rows = { [multiply = products.int16ToInt16] in multiply(pass, range, $0) }
    case (.int16, .float): rows = { [multiply = products.int16ToFloat] in multiply(pass, $0) }
    default: throw FaceqError("\(name) cannot be computed from what it reads")
    }
    plan.appendRows(LayerDescription(name, .sum), of: output, border: border(index), run: rows)
  }

  /// The gate times what its reader multiplies it with, for each channel.
  private mutating func gated(_ gate: Int, _ factor: Tensor<Float>, named name: String) -> UnsafePointer<Float> {
    let values = plan.plane(gate).floats
    // The gate itself has the factor in it, where nobody else reads it.
    if gateFactor(gate) != nil { return UnsafePointer(values) }
    let (products, factor) = (plan.zeroes(factor.count, of: Float.self), plan.keep(factor))
    plan.append(LayerDescription(name + ".gate", .squeezeExcite)) { [count = plan.plane(gate).storedChannels] _, _ in
      for channel in 0..<count { products[channel] = values[channel] * factor[channel] }
    }
    return UnsafePointer(products)
  }

  /// What the only reader of a gate multiplies it with, where it is a squeeze-and-excitation's.
  private func gateFactor(_ gate: Int) -> Tensor<Float>? {
    guard case .gate = graph.nodes[gate].operation, !plan.observing, readers[gate].count == 1,
      !graph.outputs.contains(gate)
    else { return nil }
    return switch graph.nodes[readers[gate][0]].layer {
    case .sum(let sum): sum.factor
    case .product(let product): product.factor
    default: nil
    }
  }

  // MARK: - Sums over pixels

  private mutating func addGate(_ layer: IntegerGate, _ index: Int) {
    let input = graph.nodes[index].inputs[0]
    let (plane, name) = (plan.plane(input), graph.label(index))
    let sums = pixelSums[input] ?? addPixelSums(of: input, named: name + ".sums")
    let hidden = layer.reduce.count / plane.storedChannels
    let ratio = Float(layer.pixels) / Float(plane.pixels)
    let meanScale = plan.keep(ratio == 1 ? layer.meanScale : Tensor(layer.meanScale.buffer.map { $0 * ratio }))
    let ones = Tensor([Float](repeating: 1, count: plane.storedChannels))
    let pass = SqueezeExciteGate(
      means: plan.zeroes(plane.storedChannels, of: Float.self), channels: plane.storedChannels,
      hiddenValues: plan.zeroes(hidden, of: Float.self), hidden: hidden, reduce: plan.keep(layer.reduce),
      expand: plan.keep(layer.expand), reduceBias: layer.biases.map { plan.keep($0.reduce) },
      expandBias: layer.biases.map { plan.keep($0.expand) }, factor: plan.keep(gateFactor(index) ?? ones),
      gate: plan.plane(index).floats)
    plan.append(LayerDescription(name, .squeezeExcite)) { [excite = plan.kernels.squeezeExcite] _, _ in
      sums.fillMeans(pass.means, scale: meanScale)
      excite(pass)
    }
  }

  private mutating func addAverage(_ layer: IntegerConversion, _ index: Int) throws(FaceqError) {
    let input = graph.nodes[index].inputs[0]
    let (plane, name) = (plan.plane(input), graph.label(index))
    let sums = pixelSums[input] ?? addPixelSums(of: input, named: name + ".sums")
    if sums.ranges > 1 {
      plan.append(LayerDescription(name + ".sums", .pool)) { _, _ in sums.addUp() }
    }
    let ratio = Float(layer.pixels) / Float(plane.pixels)
    let scale = plan.keep(ratio == 1 ? layer.scale : Tensor(layer.scale.buffer.map { $0 * ratio }))
    let one = Plane(
      Extent(1, 1, plane.channels), storedChannels: plane.storedChannels, valueBytes: 4,
      base: UnsafeMutableRawPointer(sums.sums))
    try addConversion(of: one, nil, layer, scale: scale, .none, index)
  }

  /// Adds the step that sums up the pixels of a value.
  private mutating func addPixelSums(of value: Int, named name: String) -> PixelSums {
    let plane = plan.plane(value)
    let sums = plan.zeroes(plane.storedChannels, of: Int32.self)
    let pass = PlaneSums(
      input: plane.input, height: plane.height, width: plane.width, zero: zeros[value].map { plan.keep($0) },
      sums: sums)
    let split = RangeSplit(count: plane.blocks, threads: plan.threads)
    let kernel = plane.valueBytes == 1 ? plan.kernels.planes.sums.pixelsOfInt8 : plan.kernels.planes.sums.pixelsOfInt16
    plan.append(LayerDescription(name, .squeezeExcite), parts: split.parts) { part, _ in
      kernel(pass, split.range(part))
    }
    return PixelSums(plane: plane, sums: sums, ranges: 1)
  }

  /// Whether the step that writes a value is to sum up its pixels, too, while they are in the cache.
  func isSummedUp(_ value: Int) -> Bool {
    guard !plan.observing, plan.plane(value).valueBytes == 2, plan.plane(value).isContiguous else { return false }
    return readers[value].contains { reader in
      switch graph.nodes[reader].operation {
      case .gate, .globalAverage: true
      default: false
      }
    }
  }
}

extension Int {
  /// ± this magnitude, within int16.
  var int16Range: ClosedRange<Int16> {
    self > 32767 ? Int16.min...Int16.max : -Int16(self)...Int16(self)
  }
}
