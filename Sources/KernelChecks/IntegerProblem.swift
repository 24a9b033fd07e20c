/// An integer convolution with its inputs and requantisation.
struct IntegerProblem<Value: FixedWidthInteger> {
  /// The values that inputs and weights take.
  enum Values: CaseIterable {
    case random
    /// Highest inputs, highest weights, and so on: the largest sums that there are.
    case highestHighest, lowestHighest, lowestLowest
    /// Highest and lowest inputs in turn under random weights of extreme size.
    case alternating
  }

  var shape: ConvolutionShape
  var input: [Value]
  /// The weights [output channel][kernel row][kernel column][channel].
  var weights: [Value]
  var requantisation: RequantisationReference

  init(_ shape: ConvolutionShape, _ values: Values, weightLimit: Int, seed: Int) {
    var numbers = TestNumbers(seed: seed)
    let (low, high) = (Int(Value.min), Int(Value.max))
    self.shape = shape
    switch values {
    case .random:
      input = numbers.integers(shape.inputCount, low...high)
      weights = numbers.integers(shape.weightCount, -weightLimit...weightLimit)
    case .highestHighest:
      input = [Value](repeating: Value.max, count: shape.inputCount)
      weights = [Value](repeating: Value(weightLimit), count: shape.weightCount)
    case .lowestHighest:
      input = [Value](repeating: Value.min, count: shape.inputCount)
      weights = [Value](repeating: Value(weightLimit), count: shape.weightCount)
    case .lowestLowest:
      input = [Value](repeating: Value.min, count: shape.inputCount)
      weights = [Value](repeating: Value(-weightLimit), count: shape.weightCount)
    case .alternating:
      input = []
      for index in 0..<shape.inputCount { input.append(index % 2 == 0 ? Value.max : Value.min) }
      weights = []
      for _ in 0..<shape.weightCount { weights.append(Value(numbers.choice([-weightLimit, weightLimit]))) }
    }
    if shape.inputChannels == 4 {
      for index in stride(from: 3, to: weights.count, by: 4) { weights[index] = 0 }
    }
    let largest = Float(high) * Float(weightLimit) * Float(shape.weightsPerOutput)
    requantisation = RequantisationReference(outputs: shape.outputChannels, largestSum: largest, &numbers)
  }
}

extension RequantisationReference {
  /// A mixture of ordinary and extreme channels.
  init(outputs: Int, largestSum: Float, _ numbers: inout TestNumbers) {
    self.init(bias: [], positive: [], negative: [], zero: [])
    for _ in 0..<outputs {
      bias.append(
        numbers.choice([
          0, Int32(numbers.integer(-10000...10000)), Int32.max - Int32(numbers.integer(0...10000)),
          Int32.min + Int32(numbers.integer(0...10000)),
        ]))
      positive.append(Self.multiplier(largestSum, &numbers))
      negative.append(Self.multiplier(largestSum, &numbers))
      zero.append(numbers.choice([-128, 127, Int8(numbers.integer(-128...127))]))
    }
  }

  /// Multipliers for outputs within the range of int8 or int16, for halves (ties), for saturation, for nearly nothing, and
  /// for negative PReLU slopes.
  private static func multiplier(_ largestSum: Float, _ numbers: inout TestNumbers) -> Float {
    numbers.choice([
      200 / largestSum, 1000 / largestSum, 40_000 / largestSum, -300 / largestSum, 0.5, 0.25, 0.125, -0.5, 1, 1e4, 1e30,
      -1e30, 1e-12, 0, numbers.float(0.01),
    ])
  }
}
