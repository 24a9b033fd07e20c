import FaceqSupport
import QuantRuntime

/// The scale and the zero point of every value's channels, from the ranges that they are to hold.
struct GraphScales {
  let forms: [Form]
  /// What one step of each value's channels is worth; none for floats.
  let scales: [[Float]]
  /// The zero points of each value's channels where the value is bytes; else nil.
  let zeros: [[Int8]?]

  /// - Parameters:
  ///   - ranges: for each value and channel; channels that share a scale get what holds all their ranges. Those of the
  ///     image and of floats are not looked at.
  /// - Throws: where the graph has something that int8 does not cover.
  init(
    _ graph: Graph<FloatLayer>, _ representations: Representations, ranges: [[ClosedRange<Float>]]
  ) throws(FaceqError) {
    forms = representations.forms
    var united = [ClosedRange<Float>?](repeating: nil, count: representations.scaleClassCount)
    let projections = Set(graph.projections)
    for (value, classes) in representations.scaleClasses.enumerated() {
      let activation = graph.nodes[value].operation.activation
      // Sums have room for twice their magnitude, and what a projection writes need only fit.
      let share: Float = projections.contains(value) ? 0.5 : 1
      for (channel, number) in classes.enumerated() {
        var range = activation.limited(ranges[value][channel])
        range = range.lowerBound * share...range.upperBound * share
        united[number] =
          united[number].map {
            min($0.lowerBound, range.lowerBound)...max($0.upperBound, range.upperBound)
          } ?? range
      }
    }
    let image = try graph.image
    var numbers = [ChannelNumbers?](repeating: nil, count: united.count)
    var (scales, zeros) = ([[Float]](), [[Int8]?]())
    for (value, form) in forms.enumerated() {
      let classes = representations.scaleClasses[value]
      for number in classes where numbers[number] == nil {
        numbers[number] = ChannelNumbers(form, united[number] ?? 0...0)
      }
      // A channel that was always 0 has any scale. A large one would make its weights large ones, beside which all
      // others of an output channel would be rounded away.
      let smallest = classes.compactMap { numbers[$0]?.scale }.min() ?? 1
      for number in classes where numbers[number]?.scale == nil { numbers[number]?.scale = smallest }
      let isImage = classes.isEmpty && form != .float
      scales.append(isImage ? image.scales : classes.map { numbers[$0]?.scale ?? smallest })
      zeros.append(
        form != .bytes ? nil : classes.map { numbers[$0]?.zero ?? 0 })
    }
    self.scales = scales
    self.zeros = zeros
  }

  /// What a convolution reads.
  func input(_ value: Int) -> QuantisedInput {
    if let zero = zeros[value] { return .int8(ActivationScales(scale: scales[value], zero: zero)) }
    guard case .int16(let largest) = forms[value] else { preconditionFailure("the representations were checked") }
    return .int16(scale: scales[value], largest: largest)
  }

  /// What a convolution writes.
  func output(_ value: Int) -> QuantisedOutput {
    if let zero = zeros[value] { return .int8(ActivationScales(scale: scales[value], zero: zero)) }
    return forms[value] == .float ? .float : .int16(scales[value])
  }
}

/// The scale and the zero point of channels.
private struct ChannelNumbers {
  /// What one step is worth; nil where the channel was always 0.
  var scale: Float?
  var zero: Int8 = 0

  init(_ form: Form, _ range: ClosedRange<Float>) {
    let magnitude = max(abs(range.lowerBound), abs(range.upperBound))
    switch form {
    case .bytes:
      let activations = ActivationScales([range])
      zero = activations.zero[0]
      scale = magnitude > 0 ? activations.scale[0] : nil
    case .sum: scale = magnitude > 0 ? int16Scales([magnitude])[0] : nil
    case .int16(let largest): scale = magnitude > 0 ? magnitude / Float(largest) : nil
    case .float: scale = 1
    }
  }
}

extension ImageFormat {
  /// What the integers of the image are worth, for each channel.
  fileprivate var scales: [Float] {
    let factor = Float(fixedPoint.factor)
    return deviation.map { 1 / (factor * $0) }
  }
}

extension ActivationScales {
  init(scale: [Float], zero: [Int8]) {
    self.init([])
    self.scale = scale
    self.zero = zero
  }
}

extension Activation {
  /// The part of a range that can occur behind the activation: bytes end there, so that saturation is the activation.
  fileprivate func limited(_ range: ClosedRange<Float>) -> ClosedRange<Float> {
    switch self {
    case .none, .leaky, .prelu: range
    case .relu: 0...max(range.upperBound, 0)
    case .clamp(let low, let high): range.clamped(to: low...high)
    }
  }
}
