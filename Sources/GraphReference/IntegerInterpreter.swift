import FaceqSupport
import QuantRuntime

/// What a node of a quantised graph writes.
package enum IntegerValue: Sendable {
  /// Bytes or int16, and the zero point of each channel (0 for int16).
  case integers(Plane<Int>, zero: [Int])
  case floats(Plane<Float>)

  package var integers: Plane<Int>? {
    if case .integers(let plane, _) = self { plane } else { nil }
  }

  package var floats: Plane<Float>? {
    if case .floats(let plane) = self { plane } else { nil }
  }
}

/// Carries a quantised graph out in exact integers and single IEEE operations, one plain loop for each operation: the
/// bits that every engine must compute.
///
/// - Parameter pixels: RGB [row][column][3].
/// - Returns: the value of every node.
/// - Throws: where the graph is not well formed or does not fit the picture.
package func evaluate(
  _ graph: Graph<QuantisedLayer>, _ pixels: [UInt8], height: Int, width: Int
) throws(FaceqError) -> [IntegerValue] {
  let shapes = try graph.shapes(height: height, width: width)
  let forms = try graph.representations().forms
  var values: [IntegerValue] = [.integers(pixels, try graph.image, shapes[0])]
  for (index, node) in graph.nodes.enumerated().dropFirst() {
    values.append(IntegerNode(node, node.inputs.map { values[$0] }, forms[index], shapes[index]).value)
  }
  return values
}

extension IntegerValue {
  /// The image, `factor · pixel − offset` for each channel.
  fileprivate static func integers(_ pixels: [UInt8], _ format: ImageFormat, _ extent: Extent) -> IntegerValue {
    let fixedPoint = format.fixedPoint
    let plane = Plane<Int>(extent) { row, column, channel in
      let pixel = pixels[(row * extent.width + column) * 3 + (format.channels == .rgb ? channel : 2 - channel)]
      return Int(pixel) * fixedPoint.factor - fixedPoint.offsets[channel]
    }
    return .integers(plane, zero: [0, 0, 0])
  }
}

/// One operation on the values that it reads.
private struct IntegerNode {
  let node: Node<QuantisedLayer>
  let inputs: [IntegerValue]
  let form: Form
  let extent: Extent

  init(_ node: Node<QuantisedLayer>, _ inputs: [IntegerValue], _ form: Form, _ extent: Extent) {
    self.node = node
    self.inputs = inputs
    self.form = form
    self.extent = extent
  }

  /// The integers that an input is stored as, and their zero points.
  private func stored(_ index: Int = 0) -> (plane: Plane<Int>, zero: [Int]) {
    guard case .integers(let plane, let zero) = inputs[index] else { preconditionFailure("the forms were checked") }
    return (plane, zero)
  }

  /// An input without its zero points.
  private func centred(_ index: Int) -> Plane<Int> {
    let (plane, zero) = stored(index)
    return plane.map { $0 - zero[$1] }
  }

  private func floats(_ index: Int = 0) -> Plane<Float> {
    guard case .floats(let plane) = inputs[index] else { preconditionFailure("the forms were checked") }
    return plane
  }

  var value: IntegerValue {
    switch (node.operation, node.layer) {
    case (.convolution(let convolution), .convolution(let layer)),
      (.linear(let convolution), .convolution(let layer)):
      convolved(convolution, layer)
    case (.affine(let activation), .conversion(let layer)), (.copy(let activation), .conversion(let layer)):
      converted(stored().plane, scale: { layer.scale[$0] }, layer, activation)
    case (.globalAverage, .conversion(let layer)):
      averaged(layer)
    case (.add(let addition), .sum(let layer)): added(addition, layer)
    case (.multiply, .product(let layer)):
      multiplied(layer)
    case (.gate(let gate), .gate(let layer)): .floats(gates(gate, layer))
    case (.maxPool(let pool), _):
      moved {
        $0.maxPooled(pool, extent)
      } floats: {
        $0.maxPooled(pool, extent)
      }
    case (.averagePool(let pool), _): averagePooled(pool)
    case (.upsample, _):
      moved {
        $0.resampled(.upsample)
      } floats: {
        $0.resampled(.upsample)
      }
    case (.slice(let first, let count), _):
      moved {
        $0.sliced(first: first, count: count)
      } floats: {
        $0.sliced(first: first, count: count)
      } zero: {
        Array($0[first..<first + count])
      }
    case (.depthToSpace(let rearrangement), _):
      moved {
        $0.spread(rearrangement, extent)
      } floats: {
        $0.spread(rearrangement, extent)
      } zero: {
        Array($0.prefix(extent.channels))
      }
    case (.concatenate, _): concatenated
    case (.sigmoid, _): .floats(floats().map { value, _ in sigmoid(value) })
    case (.softmax, _): .floats(Plane(extent) { sigmoid(floats()[$0, $1, $2] - floats()[$0, $1, $2 ^ 1]) })
    case (.normalise, _): .floats(normalised(floats()))
    default: preconditionFailure("the node has no layer, or one of another kind")
    }
  }

  // MARK: - Products

  private func convolved(_ convolution: Convolution, _ layer: IntegerConvolution) -> IntegerValue {
    let (input, zero) = stored()
    let weights = layer.weights.logical(
      convolution, inputs: input.extent.channels, order: layer.order, isImage: node.inputs[0] == 0)
    let sums = input.convolved(convolution, weights: weights, outside: zero, extent)
    let scaled = sums.map { sum, channel -> Float in
      let biased = Int32(truncatingIfNeeded: sum) &+ layer.bias[channel]
      return Float(biased) * (biased < 0 ? layer.negative[channel] : layer.positive[channel])
    }
    guard form != .float else {
      // A clamp of floats is exact; a ReLU is in the multipliers.
      guard case .clamp(let low, let high) = convolution.activation else { return .floats(scaled) }
      return .floats(scaled.map { value, _ in min(max(value, low), high) })
    }
    return rounded(scaled, zero: layer.zero, limits: layer.limits, addsZero: true)
  }

  /// To the nearest integer, plus the zero point, within the form's range and the limits.
  private func rounded(
    _ values: Plane<Float>, zero: Tensor<Int8>?, limits: ChannelLimits?, addsZero: Bool, isAtLeastZero: Bool = false
  ) -> IntegerValue {
    let zeros = (0..<extent.channels).map { channel in zero.map { Int($0[channel]) } ?? 0 }
    let plane = values.map { value, channel -> Int in
      var integer = roundedToEven(value) + (addsZero ? zeros[channel] : 0)
      if isAtLeastZero { integer = max(integer, zeros[channel]) }
      return limited(integer, limits, channel)
    }
    return .integers(plane, zero: zeros)
  }

  private func limited(_ integer: Int, _ limits: ChannelLimits?, _ channel: Int) -> Int {
    var integer = integer
    if let limits { integer = min(max(integer, Int(limits.lowest[channel])), Int(limits.highest[channel])) }
    switch form {
    case .bytes: return min(max(integer, -128), 127)
    case .int16(let largest): return min(max(integer, -largest), min(largest, 32767))
    case .float: preconditionFailure("floats are not rounded")
    }
  }

  // MARK: - Sums

  private func converted(
    _ plane: Plane<Int>, scale: (Int) -> Float, _ layer: IntegerConversion, _ activation: Activation
  ) -> IntegerValue {
    let converted = plane.map { value, channel -> Float in
      let scaled = Float(value) * scale(channel)
      return scaled + layer.offset[channel]
    }
    guard form == .float else {
      return rounded(
        converted, zero: layer.zero, limits: layer.limits, addsZero: false, isAtLeastZero: activation == .relu)
    }
    switch activation {
    case .relu: return .floats(converted.map { value, _ in max(value, 0) })
    case .clamp(let low, let high): return .floats(converted.map { value, _ in min(max(value, low), high) })
    case .none, .leaky, .prelu: return .floats(converted)
    }
  }

  private func averaged(_ layer: IntegerConversion) -> IntegerValue {
    let input = centred(0)
    let ratio = Float(layer.pixels) / Float(input.extent.pixels)
    return converted(Plane(extent, input.pixelSums()), scale: { layer.scale[$0] * ratio }, layer, .none)
  }

  private func added(_ addition: Addition, _ layer: IntegerSum) -> IntegerValue {
    let (base, branch) = (centred(0).resampled(addition.base), centred(1).resampled(addition.branch))
    let plane = Plane<Int>(extent) { row, column, channel in
      let factor = (addition.isGated ? floats(2)[0, 0, channel] : 1) * layer.factor[channel]
      let value = base[row, column, channel]
      var sum = layer.ratio.map { roundedToEven(Float(value) * $0[channel]) } ?? value
      sum += roundedToEven(Float(branch[row, column, channel]) * factor)
      if addition.activation == .relu { sum = max(sum, 0) }
      if let slopes = layer.slopes, sum < 0 { sum = roundedToEven(Float(sum) * slopes[channel]) }
      return limited(sum, layer.limits, channel)
    }
    return .integers(plane, zero: [Int](repeating: 0, count: extent.channels))
  }

  private func multiplied(_ layer: IntegerProduct) -> IntegerValue {
    let gate = floats(1)
    let scaled = centred(0).map { value, channel in Float(value) * (gate[0, 0, channel] * layer.factor[channel]) }
    return form == .float ? .floats(scaled) : rounded(scaled, zero: layer.zero, limits: nil, addsZero: true)
  }

  private func gates(_ gate: ChannelGate, _ layer: IntegerGate) -> Plane<Float> {
    let input = centred(0)
    let ratio = Float(layer.pixels) / Float(input.extent.pixels)
    let channels = paddedChannels(extent.channels)
    let sums = input.pixelSums()
    let means = (0..<channels).map { $0 < sums.count ? Float(sums[$0]) * (layer.meanScale[$0] * ratio) : 0 }
    let hidden = (0..<paddedChannels(gate.hidden)).map { row in
      max(dotProduct(layer.reduce, row: row, means) + (layer.biases?.reduce[row] ?? 0), 0)
    }
    return Plane(extent) { sigmoid(dotProduct(layer.expand, row: $2, hidden) + (layer.biases?.expand[$2] ?? 0)) }
  }

  // MARK: - What only moves

  private func moved(
    _ integers: (Plane<Int>) -> Plane<Int>, floats: (Plane<Float>) -> Plane<Float>, zero: ([Int]) -> [Int] = { $0 }
  ) -> IntegerValue {
    switch inputs[0] {
    case .integers(let plane, let zeros): .integers(integers(plane), zero: zero(zeros))
    case .floats(let plane): .floats(floats(plane))
    }
  }

  private var concatenated: IntegerValue {
    if form == .float { return .floats(.concatenated(inputs.indices.map { floats($0) }, extent)) }
    return .integers(
      .concatenated(inputs.indices.map { stored($0).plane }, extent), zero: inputs.indices.flatMap { stored($0).zero })
  }

  /// The mean is the sum times the rounded inverse of the number of values.
  private func averagePooled(_ pool: Pool) -> IntegerValue {
    switch inputs[0] {
    case .integers(let plane, let zero):
      let (sums, counts) = plane.pooledSums(pool, extent, outside: zero)
      let means = zip(sums.values, counts).map { roundedToEven(Float($0) * (1 / Float($1))) }
      return .integers(Plane(extent, means), zero: zero)
    case .floats(let plane):
      let outside = [Float](repeating: 0, count: extent.channels)
      let (sums, counts) = plane.pooledSums(pool, extent, outside: outside)
      return .floats(Plane(extent, zip(sums.values, counts).map { $0 * (1 / Float($1)) }))
    }
  }
}
