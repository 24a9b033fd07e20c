/// The way a grouped convolution is computed, and the order of its weights.
///
/// Groups of 2, 4 or 8 inputs with as many outputs lie side by side within 16 channels: such a convolution is as many
/// depthwise ones as a group has outputs, whose sums are added up over each group's lanes at the very end
/// (`lanes`). All others are computed as dense ones of a range of input channels for each 16 outputs (`ranges`), in
/// which the weights of other groups' inputs are 0: where both numbers are multiples of 16, there are none.
///
/// Groups whose outputs are a multiple of 1, 2, 4 or 8 inputs become `lanes` (or depthwise) when their inputs are
/// repeated first (`repeats`, `ChannelRepetition`).
public struct GroupedOrder: Sendable, Equatable {
  public enum Way: Sendable, Equatable {
    /// The weights are [block of 16 channels][kernel row][kernel column][output of the group][16 input channels].
    case lanes(groupWidth: Int)
    /// The weights are [block of 16 output channels][kernel row][kernel column][step][16 output channels][4 bytes]; `width` input
    /// channels, of which a step takes as many as fit 4 bytes.
    case ranges(width: Int)
  }

  public let groups: Int
  /// The number of inputs of each group.
  public let inputs: Int
  /// The number of outputs of each group.
  public let outputs: Int
  /// The number of input channels in 4 bytes: 4 of int8, 2 of int16 or 1 of float.
  public let valuesPerStep: Int
  public let way: Way

  /// Chooses the way and the order.
  ///
  /// - Parameter valueBytes: the size of a value: 1, 2 or 4.
  public init(groups: Int, inputs: Int, outputs: Int, valueBytes: Int) {
    (self.groups, self.inputs, self.outputs) = (groups, inputs, outputs)
    valuesPerStep = 4 / valueBytes
    if inputs == outputs, [2, 4, 8].contains(inputs) {
      way = .lanes(groupWidth: inputs)
    } else {
      // All instruction sets load 16 bytes of int8 and 8 of int16 at once.
      let granularity = valueBytes == 1 ? 16 : valueBytes == 2 ? 4 : 1
      let widest = GroupedOrder.largestUnion(groups: groups, inputs: inputs, outputs: outputs)
      way = .ranges(width: (widest + granularity - 1) / granularity * granularity)
    }
  }

  /// The number of times that each group's inputs are to be repeated so that there are as many as outputs; nil where `lanes` and
  /// depthwise convolutions do not help.
  public static func repeats(inputs: Int, outputs: Int) -> Int? {
    [1, 2, 4, 8].contains(inputs) && outputs > inputs && outputs.isMultiple(of: inputs) ? outputs / inputs : nil
  }

  /// The number of input channels as stored: a multiple of 16.
  public var inputChannels: Int { (groups * inputs + 15) / 16 * 16 }
  /// The number of output channels as stored: a multiple of 16.
  public var outputChannels: Int { (groups * outputs + 15) / 16 * 16 }

  /// The most input channels that the groups of any 16 outputs have together.
  private static func largestUnion(groups: Int, inputs: Int, outputs: Int) -> Int {
    var largest = 0
    for first in stride(from: 0, to: groups * outputs, by: 16) {
      let last = min(first + 15, groups * outputs - 1)
      largest = max(largest, (last / outputs - first / outputs + 1) * inputs)
    }
    return largest
  }

  /// The first input of a block of 16 outputs. The inputs do not reach beyond the stored channels.
  @inlinable @inline(__always)
  func firstInput(block: Int, width: Int) -> Int {
    max(min(block &* 16 / outputs &* inputs, inputChannels &- width), 0)
  }

  /// The number of weights of one kernel position.
  public var weightsPerPosition: Int {
    switch way {
    case .lanes(let groupWidth): inputChannels * groupWidth
    case .ranges(let width): outputChannels * width
    }
  }

  /// Brings weights into the order.
  ///
  /// - Parameters:
  ///   - weights: [output channel][position][input channel of the group], of `groups` · `outputs` channels.
  ///   - positions: kernel height · kernel width.
  public func packed<Value: Numeric>(_ weights: [Value], positions: Int) -> [Value] {
    var packed = [Value](repeating: 0, count: positions * weightsPerPosition)
    var index = 0
    for output in 0..<groups * outputs {
      for position in 0..<positions {
        for input in 0..<inputs {
          packed[place(output: output, position: position, input: input, positions: positions)] = weights[index]
          index += 1
        }
      }
    }
    return packed
  }

  /// The index of the weight of one input of an output's group.
  public func place(output: Int, position: Int, input: Int, positions: Int) -> Int {
    let group = output / outputs
    let channel = group * inputs + input
    switch way {
    case .lanes(let groupWidth):
      let vector = (channel / 16 * positions + position) * groupWidth + output % outputs
      return vector * 16 + channel % 16
    case .ranges(let width):
      let block = output / 16
      let offset = channel - firstInput(block: block, width: width)
      let step = ((block * positions + position) * width + offset / valuesPerStep * valuesPerStep) * 16
      return step + output % 16 * valuesPerStep + offset % valuesPerStep
    }
  }
}

/// A grouped convolution as the kernels see it.
public struct GroupedLayer: Sendable {
  /// The window and the planes; the weights are in `order`, and `channels` are those of the input.
  public var window: DepthwiseLayer
  public var order: GroupedOrder

  @inlinable
  public init(window: DepthwiseLayer, order: GroupedOrder) {
    self.window = window
    self.order = order
  }
}
