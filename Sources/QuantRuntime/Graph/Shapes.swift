import FaceqSupport

/// The extent of a value: height × width × channels.
package struct Extent: Sendable, Equatable {
  package var height: Int
  package var width: Int
  package var channels: Int

  package init(_ height: Int, _ width: Int, _ channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  package var pixels: Int { height * width }
  package var count: Int { height * width * channels }
  package var text: String { "\(height)×\(width)×\(channels)" }
}

/// What a graph may ask for, so that a file cannot ask for all memory.
enum GraphLimits {
  static let nodes = 10_000
  static let pictureSide = 16_384
  static let channels = 65_536
  /// Of all values of a quantised graph together.
  static let allChannels = 1 << 22
  static let kernel = 256
  static let stride = 16
  static let padding = 64
  static let hidden = 4_096
  /// Of one value.
  static let elements = 1 << 32
  /// Of one node.
  static let multiplyAccumulates = 1 << 48
  /// int16 values that int32 can add up.
  static let summedPixels = 65_535
}

extension Graph {
  /// The extent of every value for a picture of a size; without one for that of the image node.
  ///
  /// - Throws: where the graph is not well formed or a node does not fit what it reads, naming the node.
  package func shapes(height: Int? = nil, width: Int? = nil) throws(FaceqError) -> [Extent] {
    guard nodes.count <= GraphLimits.nodes else { throw FaceqError("the graph has \(nodes.count) nodes") }
    let image = try image
    let (height, width) = (height ?? image.height, width ?? image.width)
    let sides = 1...GraphLimits.pictureSide
    guard sides.contains(height), sides.contains(width) else {
      throw FaceqError("a picture of \(height)×\(width) is not possible")
    }
    guard image.hasUsableNumbers else {
      throw FaceqError("the picture's deviations have to be positive, and its means at most 65536")
    }
    var shapes: [Extent] = []
    shapes.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      guard node.inputs.allSatisfy({ $0 >= 0 && $0 < index }) else {
        throw FaceqError("\(label(index)) reads a value that no earlier node writes")
      }
      guard node.operation.accepts(inputs: node.inputs.count) else {
        throw FaceqError("\(label(index)) cannot read \(node.inputs.count) values")
      }
      let inputs = node.inputs.map { shapes[$0] }
      let shape: Extent
      if case .image = node.operation {
        guard index == 0 else { throw FaceqError("\(label(index)) is a second image") }
        shape = Extent(height, width, 3)
      } else {
        do { shape = try node.operation.shape(of: inputs) } catch {
          throw FaceqError("\(label(index)) \(error.message)")
        }
      }
      guard shape.channels <= GraphLimits.channels, shape.count <= GraphLimits.elements else {
        throw FaceqError("\(label(index)) would write \(shape.text) values")
      }
      shapes.append(shape)
    }
    guard !outputs.isEmpty, outputs.allSatisfy({ nodes.indices.contains($0) }) else {
      throw FaceqError("the graph has no outputs")
    }
    return shapes
  }
}

extension Operation {
  func accepts(inputs count: Int) -> Bool {
    switch self {
    case .image: count == 0
    case .multiply: count == 2
    case .add(let addition): count == (addition.isGated ? 3 : 2)
    case .concatenate: count >= 1
    default: count == 1
    }
  }

  /// The extent of what the operation writes. Not for an image.
  ///
  /// - Throws: what is wrong, as the end of a sentence that begins with the node's name.
  func shape(of inputs: [Extent]) throws(FaceqError) -> Extent {
    let input = inputs[0]
    switch self {
    case .image: preconditionFailure("an image has the picture's size")
    case .convolution(let convolution):
      try convolution.check(inputs: input.channels)
      return try Pool(convolution.window).shape(of: input, channels: convolution.outputs)
    case .transposedConvolution(let convolution):
      try convolution.check(inputs: input.channels)
      let (kernel, stride, padding) = (
        convolution.window.kernel, convolution.window.stride, convolution.window.padding
      )
      let height = (input.height - 1) * stride.height + kernel.height - padding.top - padding.bottom
      let width = (input.width - 1) * stride.width + kernel.width - padding.left - padding.right
      guard height > 0, width > 0 else { throw FaceqError("would write nothing of \(input.text) values") }
      return Extent(height, width, convolution.outputs)
    case .linear(let linear):
      try linear.check(inputs: input.channels)
      guard linear.window == Window(Size(input.height, input.width)), linear.grouping == .dense else {
        throw FaceqError("wants a plane of \(linear.window.kernel.text) and gets \(input.text) values")
      }
      return Extent(1, 1, linear.outputs)
    case .affine, .copy: return input
    case .add(let addition):
      let base = try resampled(input, addition.base)
      let branch = try resampled(inputs[1], addition.branch)
      guard base == branch else { throw FaceqError("adds \(branch.text) values to \(base.text)") }
      if addition.isGated { try check(gate: inputs[2], for: branch) }
      return base
    case .multiply:
      try check(gate: inputs[1], for: input)
      return input
    case .gate(let gate):
      guard (1...GraphLimits.hidden).contains(gate.hidden), input.pixels <= GraphLimits.summedPixels else {
        throw FaceqError("cannot be a gate of \(input.text) values with \(gate.hidden) hidden ones")
      }
      return Extent(1, 1, input.channels)
    case .maxPool(let pool), .averagePool(let pool):
      try pool.window.check()
      return try pool.shape(of: input, channels: input.channels)
    case .globalAverage:
      guard input.pixels <= GraphLimits.summedPixels else { throw FaceqError("cannot average \(input.text) values") }
      return Extent(1, 1, input.channels)
    case .upsample: return Extent(2 * input.height, 2 * input.width, input.channels)
    case .concatenate:
      var shape = input
      for other in inputs.dropFirst() {
        guard other.height == input.height, other.width == input.width else {
          throw FaceqError("puts \(other.text) values beside \(input.text)")
        }
        shape.channels += other.channels
      }
      return shape
    case .slice(let first, let count):
      guard first >= 0, count > 0, first <= input.channels, count <= input.channels - first else {
        throw FaceqError("takes \(count) channels from \(first) on of \(input.channels)")
      }
      return Extent(input.height, input.width, count)
    case .depthToSpace(let rearrangement):
      let (factor, crop) = (rearrangement.factor, rearrangement.crop)
      guard (1...GraphLimits.stride).contains(factor), (0...GraphLimits.padding).contains(crop),
        input.channels.isMultiple(of: factor * factor), input.height * factor > 2 * crop,
        input.width * factor > 2 * crop
      else { throw FaceqError("cannot spread \(input.text) values by \(factor) and crop \(crop)") }
      return Extent(
        input.height * factor - 2 * crop, input.width * factor - 2 * crop, input.channels / (factor * factor))
    case .sigmoid: return input
    case .softmax:
      guard input.channels.isMultiple(of: 2) else { throw FaceqError("wants pairs of \(input.channels) channels") }
      return input
    case .normalise:
      guard input.pixels == 1 else { throw FaceqError("wants a vector and gets \(input.text) values") }
      return input
    }
  }
}

/// What an addition sees of an operand.
private func resampled(_ input: Extent, _ resampling: Resampling) throws(FaceqError) -> Extent {
  switch resampling {
  case .none: return input
  case .subsample(let stride):
    guard (1...GraphLimits.stride).contains(stride) else { throw FaceqError("cannot subsample by \(stride)") }
    return Extent((input.height - 1) / stride + 1, (input.width - 1) / stride + 1, input.channels)
  case .upsample: return Extent(2 * input.height, 2 * input.width, input.channels)
  }
}

private func check(gate: Extent, for value: Extent) throws(FaceqError) {
  guard gate == Extent(1, 1, value.channels) else {
    throw FaceqError("multiplies \(value.text) values by \(gate.text)")
  }
}

extension Convolution {
  fileprivate func check(inputs: Int) throws(FaceqError) {
    try window.check()
    guard (1...GraphLimits.channels).contains(outputs) else { throw FaceqError("cannot have \(outputs) channels") }
    switch grouping {
    case .dense: break
    case .depthwise:
      guard inputs == outputs else {
        throw FaceqError("is depthwise and has \(outputs) channels where it reads \(inputs)")
      }
    case .groups(let count):
      guard count >= 2, inputs.isMultiple(of: count), outputs.isMultiple(of: count) else {
        throw FaceqError("cannot cut \(inputs) and \(outputs) channels into \(count) groups")
      }
    }
  }
}

extension Window {
  fileprivate func check() throws(FaceqError) {
    let (kernels, strides, paddings) = (1...GraphLimits.kernel, 1...GraphLimits.stride, 0...GraphLimits.padding)
    guard kernels.contains(kernel.height), kernels.contains(kernel.width), strides.contains(stride.height),
      strides.contains(stride.width), paddings.contains(padding.top), paddings.contains(padding.left),
      paddings.contains(padding.bottom), paddings.contains(padding.right)
    else { throw FaceqError("has an impossible kernel, stride or padding") }
  }
}

extension Pool {
  fileprivate func shape(of input: Extent, channels: Int) throws(FaceqError) -> Extent {
    let padding = window.padding
    let height = positions(input.height, window.kernel.height, window.stride.height, padding.top, padding.bottom)
    let width = positions(input.width, window.kernel.width, window.stride.width, padding.left, padding.right)
    guard height > 0, width > 0 else {
      throw FaceqError("has a kernel of \(window.kernel.text), which does not fit \(input.text) values")
    }
    return Extent(height, width, channels)
  }

  /// How many windows there are along one side.
  private func positions(_ count: Int, _ kernel: Int, _ stride: Int, _ before: Int, _ after: Int) -> Int {
    let room = count + before + after - kernel
    guard isCeil else { return room < 0 ? 0 : room / stride + 1 }
    let positions = (max(room, 0) + stride - 1) / stride + 1
    return (positions - 1) * stride < count + before ? positions : positions - 1
  }
}

extension Size {
  package var text: String { "\(height)×\(width)" }
}
