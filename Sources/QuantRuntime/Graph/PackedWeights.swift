import SIMDKernels

/// The weights of an integer convolution, in the order that the kernels want (`WeightOrder`).
package enum PackedWeights: Sendable {
  /// int8 in [−127, 127] for int8 inputs, and their sum for each output channel (for instructions that want unsigned
  /// inputs).
  case int8(Tensor<Int8>, sums: Tensor<Int32>)
  /// int16 for int16 inputs of a magnitude up to `largestInput`, so small that no sum leaves int32.
  case int16(Tensor<Int16>, largestInput: Int)
  /// int8 in [−127, 127] of a depthwise convolution, for int8 inputs.
  case depthwise(Tensor<Int8>)
  /// As `int16`, of a depthwise convolution.
  case depthwiseInt16(Tensor<Int16>, largestInput: Int)
  /// As `int8`, of a convolution in groups.
  case grouped(Tensor<Int8>, sums: Tensor<Int32>)
  /// As `int16`, of a convolution in groups.
  case groupedInt16(Tensor<Int16>, largestInput: Int)

  /// As the kernels take them.
  var base: UnsafeRawPointer {
    switch self {
    case .int8(let weights, _), .depthwise(let weights), .grouped(let weights, _): UnsafeRawPointer(weights.base)
    case .int16(let weights, _), .depthwiseInt16(let weights, _), .groupedInt16(let weights, _):
      UnsafeRawPointer(weights.base)
    }
  }

  /// The largest magnitude that an int16 input may have; nil where the input is int8.
  package var largestInput: Int? {
    switch self {
    case .int8, .depthwise, .grouped: nil
    case .int16(_, let largestInput), .depthwiseInt16(_, let largestInput), .groupedInt16(_, let largestInput):
      largestInput
    }
  }

  /// What flipped pixels, which are 128 too high, add to a sum for each output channel, divided by 128; nil where the
  /// kernels take pixels as they are.
  var sums: Tensor<Int32>? {
    switch self {
    case .int8(_, let sums), .grouped(_, let sums): sums
    case .int16, .depthwise, .depthwiseInt16, .groupedInt16: nil
    }
  }
}

extension PackedWeights {
  /// Packs int8 weights in [−127, 127].
  ///
  /// - Parameter weights: [output channel][kernel row][kernel column][input channel of the group].
  package init(int8 weights: [Int8], _ convolution: Convolution, inputs: Int) {
    let order = WeightOrder(convolution, inputs: inputs, storedInputs: paddedChannels(inputs), valueBytes: 1)
    let packed = Tensor(order.packed(weights))
    guard convolution.grouping != .depthwise else {
      self = .depthwise(packed)
      return
    }
    let perOutput = convolution.weightsPerOutput(inputs: inputs)
    let sums = (0..<convolution.outputs).map { output in
      weights[output * perOutput..<(output + 1) * perOutput].reduce(Int32(0)) { $0 + Int32($1) }
    }
    let stored = Tensor(padded(sums, with: 0))
    self = convolution.grouping == .dense ? .int8(packed, sums: stored) : .grouped(packed, sums: stored)
  }

  /// Packs int16 weights.
  ///
  /// - Parameters:
  ///   - weights: [output channel][kernel row][kernel column][input channel of the group].
  ///   - isImage: the convolution reads the image, which is stored as four channels.
  package init(int16 weights: [Int16], _ convolution: Convolution, inputs: Int, isImage: Bool, largestInput: Int) {
    let order = WeightOrder(
      convolution, inputs: inputs, storedInputs: isImage ? 4 : paddedChannels(inputs), valueBytes: 2)
    let packed = Tensor(order.packed(weights))
    self =
      switch convolution.grouping {
      case .dense: .int16(packed, largestInput: largestInput)
      case .depthwise: .depthwiseInt16(packed, largestInput: largestInput)
      case .groups: .groupedInt16(packed, largestInput: largestInput)
      }
  }

  /// The weights in logical order, [output channel][kernel row][kernel column][input channel of the group].
  ///
  /// - Parameters:
  ///   - order: of dense int8 weights.
  ///   - isImage: the convolution reads the image, which is stored as four channels.
  package func logical(_ convolution: Convolution, inputs: Int, order: PackedOrder, isImage: Bool) -> [Int] {
    let stored = isImage ? 4 : paddedChannels(inputs)
    func weightOrder(_ valueBytes: Int) -> WeightOrder {
      WeightOrder(convolution, inputs: inputs, storedInputs: stored, valueBytes: valueBytes, packedOrder: order)
    }
    return switch self {
    case .int8(let values, _), .depthwise(let values), .grouped(let values, _):
      weightOrder(1).unpacked(values.buffer).map { Int($0) }
    case .int16(let values, _), .depthwiseInt16(let values, _), .groupedInt16(let values, _):
      weightOrder(2).unpacked(values.buffer).map { Int($0) }
    }
  }
}
