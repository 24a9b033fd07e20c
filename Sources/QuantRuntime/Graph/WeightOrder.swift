import SIMDKernels

/// In which order the kernels want a convolution's weights, all channel counts filled up with zeros to multiples of 16.
package struct WeightOrder: Sendable {
  private enum Form: Sendable {
    /// [block of 16 outputs][kernel row][kernel column][group of inputs][16 outputs][inputs of the group].
    case dense(storedInputs: Int, group: Int)
    /// [kernel row][kernel column][channel].
    case depthwise
    case grouped(GroupedOrder)
  }

  private let form: Form
  private let outputs: Int
  private let positions: Int
  /// Inputs of one output.
  private let groupInputs: Int

  /// - Parameters:
  ///   - inputs: channels of what the convolution reads.
  ///   - storedInputs: these as they are stored; 3 or 4 of a picture, else a multiple of 16.
  ///   - valueBytes: 1, 2 or 4, of a weight.
  ///   - packedOrder: of dense int8 weights.
  package init(
    _ convolution: Convolution, inputs: Int, storedInputs: Int, valueBytes: Int, packedOrder: PackedOrder = .fours
  ) {
    outputs = convolution.outputs
    positions = convolution.window.kernel.height * convolution.window.kernel.width
    groupInputs = inputs / convolution.grouping.count(inputs: inputs)
    switch convolution.grouping {
    case .dense:
      form = .dense(storedInputs: storedInputs, group: valueBytes == 1 ? packedOrder.inputs : 4 / valueBytes)
    case .depthwise: form = .depthwise
    case .groups(let groups):
      form = .grouped(
        GroupedOrder(
          groups: groups, inputs: inputs / groups, outputs: convolution.outputs / groups, valueBytes: valueBytes))
    }
  }

  /// Of a convolution of groups.
  package var grouped: GroupedOrder? { if case .grouped(let order) = form { order } else { nil } }

  /// The number of weights as they are stored.
  package var count: Int {
    switch form {
    case .dense(let storedInputs, _): paddedChannels(outputs) * positions * storedInputs
    case .depthwise: paddedChannels(outputs) * positions
    case .grouped(let order): positions * order.weightsPerPosition
    }
  }

  /// Where a weight stands.
  ///
  /// - Parameters:
  ///   - position: row · kernel width + column.
  ///   - input: of those that the output reads.
  package func offset(output: Int, position: Int, input: Int) -> Int {
    switch form {
    case .dense(let storedInputs, let group):
      ((output / 16 * positions + position) * storedInputs + input / group * group) * 16 + output % 16 * group
        + input % group
    case .depthwise: position * paddedChannels(outputs) + output
    case .grouped(let order): order.place(output: output, position: position, input: input, positions: positions)
    }
  }

  /// Calls `body` with the output and the place of each weight, in logical order: [output channel][kernel row][kernel
  /// column][input channel of the group].
  func forEachOffset(_ body: (_ output: Int, _ offset: Int) -> Void) {
    for output in 0..<outputs {
      for position in 0..<positions {
        for input in 0..<groupInputs { body(output, offset(output: output, position: position, input: input)) }
      }
    }
  }

  /// Brings weights from logical order into this one.
  package func packed<Value: Numeric>(_ weights: [Value]) -> [Value] {
    var packed = [Value](repeating: 0, count: count)
    var index = 0
    forEachOffset { _, offset in
      packed[offset] = weights[index]
      index += 1
    }
    return packed
  }

  /// The weights in logical order.
  package func unpacked<Value>(_ weights: UnsafeBufferPointer<Value>) -> [Value] {
    var logical: [Value] = []
    logical.reserveCapacity(outputs * positions * groupInputs)
    forEachOffset { _, offset in logical.append(weights[offset]) }
    return logical
  }
}
