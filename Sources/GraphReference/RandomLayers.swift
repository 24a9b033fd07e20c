import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Numbers for graphs, the same on every machine: SplitMix64 (Steele, Lea, Flood 2014).
package struct RandomNumbers {
  private var generator: SplitMix64

  package init(seed: UInt64) { generator = SplitMix64(state: seed) }

  package mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(generator.next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  /// Between −`magnitude` and `magnitude` around a centre.
  package mutating func float(_ magnitude: Float, around centre: Float = 0) -> Float {
    centre + (Float(generator.next() >> 40) / Float(1 << 23) - 1) * magnitude
  }

  mutating func floats(_ count: Int, _ magnitude: Float, around centre: Float = 0) -> [Float] {
    (0..<count).map { _ in float(magnitude, around: centre) }
  }
}

extension CoveredGraph {
  /// The graph with weights whose values spread as much as what they read.
  package func randomFloats(seed: UInt64) throws(FaceqError) -> Graph<FloatLayer> {
    var numbers = RandomNumbers(seed: seed)
    return try graph { _, tensor in
      let inputs = Float(tensor.count / tensor.dimensions[0])
      return (0..<tensor.count).map { _ in
        switch tensor.name {
        case "weight", "reduce", "expand": numbers.float((3 / inputs).squareRoot())
        case "scale": numbers.float(0.5, around: 1)
        case "slope": numbers.float(0.3, around: 0.1)
        default: numbers.float(0.3)
        }
      }
    }
  }

  /// Which layers have int16 weights.
  package enum Precision: String, CaseIterable, Sendable { case int8, mixed, int16 }

  /// The graph with integers that no calibration has chosen, over the whole of their ranges.
  package func randomIntegers(_ precision: Precision, seed: UInt64) throws(FaceqError) -> Graph<QuantisedLayer> {
    let graph = try randomFloats(seed: seed)
    let shapes = try graph.shapes()
    let forms = try graph.representations { index in
      switch precision {
      case .int8: nil
      case .mixed: index % 3 == 0 ? 1000 : nil
      case .int16: 2000
      }
    }.forms
    var maker = LayerMaker(graph: graph, shapes: shapes, forms: forms, numbers: RandomNumbers(seed: seed ^ 0xFACE))
    return try graph.mapLayers { (index, node) throws(FaceqError) in try maker.layer(index, node) }
  }
}

/// Makes the integers of a graph's nodes.
private struct LayerMaker {
  let graph: Graph<FloatLayer>
  let shapes: [Extent]
  let forms: [Form]
  var numbers: RandomNumbers

  mutating func layer(_ index: Int, _ node: Node<FloatLayer>) throws(FaceqError) -> QuantisedLayer? {
    switch node.operation {
    case .convolution(let convolution), .linear(let convolution):
      return .convolution(try self.convolution(index, node, convolution))
    case .affine(let activation), .copy(let activation): return .conversion(conversion(index, node, activation))
    case .globalAverage: return .conversion(average(index, node))
    case .add(let addition): return .sum(sum(index, addition))
    case .multiply:
      let factor: Float = isBytes(index) ? 0.01 : 1
      return .product(IntegerProduct(factor: perChannel(index, factor / 2, around: factor), zero: zero(index)))
    case .gate(let gate): return .gate(self.gate(index, node, gate))
    default: return nil
    }
  }

  private func isBytes(_ value: Int) -> Bool { forms[value] == .bytes }

  /// How large the integers of a value are, about.
  private func magnitude(_ value: Int) -> Float {
    switch forms[value] {
    case .bytes: 64
    case .int16(let largest): Float(largest) / 3
    case .float: 1
    }
  }

  /// Some more than the form holds, now and then.
  private mutating func perChannel(_ index: Int, _ magnitude: Float, around centre: Float = 0) -> Tensor<Float> {
    Tensor(padded(numbers.floats(shapes[index].channels, magnitude, around: centre), with: 0))
  }

  private mutating func zero(_ index: Int) -> Tensor<Int8>? {
    guard isBytes(index) else { return nil }
    return Tensor(padded((0..<shapes[index].channels).map { _ in Int8(numbers.integer(-128...127)) }, with: 0))
  }

  private mutating func limits(_ index: Int, _ activation: Activation) -> ChannelLimits? {
    guard case .clamp = activation, case .int16(let largest) = forms[index] else { return nil }
    let bounds = (0..<shapes[index].channels).map { _ in
      (lowest: Int16(numbers.integer(-largest / 2...0)), highest: Int16(numbers.integer(1...largest / 2)))
    }
    return ChannelLimits(
      lowest: Tensor(padded(bounds.map { $0.lowest }, with: 0)),
      highest: Tensor(padded(bounds.map { $0.highest }, with: 0)))
  }

  // MARK: - Convolutions

  private mutating func convolution(
    _ index: Int, _ node: Node<FloatLayer>, _ convolution: Convolution
  ) throws(FaceqError) -> IntegerConvolution {
    let input = node.inputs[0]
    let inputs = shapes[input].channels
    let perOutput = convolution.weightsPerOutput(inputs: inputs)
    let largest: Int
    var largestInput: Int?
    switch forms[input] {
    case .bytes: largest = 127
    case .int16(let bound):
      largestInput = bound
      largest = max(1, min(32767, (1 << 30) / (bound * perOutput)))
    case .float: throw FaceqError("\(graph.label(index)) reads floats")
    }
    let weights = (0..<convolution.outputs * perOutput).map { _ in numbers.integer(-largest...largest) }
    let spread = Float(largest) * magnitude(input) * Float(perOutput).squareRoot() / 2
    let positive = numbers.floats(
      convolution.outputs, magnitude(index) / spread / 2, around: magnitude(index) / spread)
    let negative: [Float] =
      switch convolution.activation {
      case .none, .clamp: positive
      case .relu: positive.map { _ in 0 }
      case .leaky(let slope): positive.map { $0 * slope }
      case .prelu: positive.map { $0 * numbers.float(0.5, around: 0.1) }
      }
    let bias = (0..<convolution.outputs).map { _ in Int32(numbers.integer(-Int(spread)...Int(spread))) }
    let packed: PackedWeights =
      if let largestInput {
        PackedWeights(
          int16: weights.map { Int16($0) }, convolution, inputs: inputs, isImage: input == 0,
          largestInput: largestInput)
      } else {
        PackedWeights(int8: weights.map { Int8($0) }, convolution, inputs: inputs)
      }
    return IntegerConvolution(
      weights: packed, bias: Tensor(padded(bias, with: 0)), positive: Tensor(padded(positive, with: 0)),
      negative: Tensor(padded(negative, with: 0)), zero: zero(index), limits: limits(index, convolution.activation))
  }

  // MARK: - Others

  private mutating func conversion(
    _ index: Int, _ node: Node<FloatLayer>, _ activation: Activation
  ) -> IntegerConversion {
    let ratio = magnitude(index) / magnitude(node.inputs[0])
    return IntegerConversion(
      scale: perChannel(index, ratio, around: ratio), offset: perChannel(index, magnitude(index)), zero: zero(index),
      limits: limits(index, activation))
  }

  private mutating func average(_ index: Int, _ node: Node<FloatLayer>) -> IntegerConversion {
    // As if it had been calibrated at another size.
    let pixels = shapes[node.inputs[0]].pixels + numbers.integer(0...1)
    let ratio = magnitude(index) / magnitude(node.inputs[0]) / Float(pixels)
    return IntegerConversion(
      scale: perChannel(index, ratio, around: ratio), offset: perChannel(index, magnitude(index)), zero: zero(index),
      pixels: pixels)
  }

  private mutating func sum(_ index: Int, _ addition: Addition) -> IntegerSum {
    let hasSlopes =
      switch addition.activation {
      case .leaky, .prelu: true
      default: false
      }
    return IntegerSum(
      factor: perChannel(index, 0.7, around: 0.8),
      ratio: addition.base == .none ? nil : perChannel(index, 0.5, around: 0.8),
      slopes: hasSlopes ? perChannel(index, 0.6, around: 0.1) : nil, limits: limits(index, addition.activation),
      scale: perChannel(index, 0, around: 1))
  }

  private mutating func gate(_ index: Int, _ node: Node<FloatLayer>, _ gate: ChannelGate) -> IntegerGate {
    let input = node.inputs[0]
    let pixels = shapes[input].pixels + numbers.integer(0...1)
    let channels = shapes[input].channels
    func matrix(_ rows: Int, _ columns: Int) -> Tensor<Float> {
      Tensor(paddedMatrix(numbers.floats(rows * columns, 1), rows: rows, columns: columns))
    }
    return IntegerGate(
      meanScale: perChannel(index, 0, around: 1 / (magnitude(input) * Float(pixels))), pixels: pixels,
      reduce: matrix(gate.hidden, channels), expand: matrix(channels, gate.hidden),
      biases: gate.hasBiases
        ? (
          Tensor(padded(numbers.floats(gate.hidden, 1), with: 0)),
          Tensor(padded(numbers.floats(channels, 1), with: 0))
        ) : nil)
  }
}
