/// Float parameters in the order that the kernels want: packed and padded once, when a session opens.
struct FloatConvolution {
  let geometry: ConvolutionGeometry
  /// Whether it is computed as Winograd.
  let isWinograd: Bool
  /// [block of 16 output channels][kernel row][kernel column][input channel as stored][16 output channels]; of a
  /// Winograd convolution [block][input channel][kernel row][kernel column][16], of a depthwise one [kernel row][kernel
  /// column][channel as stored].
  let weights: Tensor<Float>
  let bias: Tensor<Float>
  /// 1 where there is no PReLU.
  let slopes: Tensor<Float>

  /// - Parameters:
  ///   - storedInputChannels: 3 for the image, else a multiple of 16.
  ///   - prefersWinograd: as Winograd, if it can be.
  init(_ unit: ConvolutionUnit, storedInputChannels: Int, prefersWinograd: Bool = false) {
    geometry = unit.geometry
    isWinograd =
      prefersWinograd && geometry.isDense3x3 && geometry.stride == 1
      && storedInputChannels.isMultiple(of: 16)
    let outputs = unit.geometry.outputChannels
    weights = Tensor(
      unit.geometry.isDepthwise
        ? packDepthwiseWeights(unit.weights, unit.geometry)
        : FloatConvolution.packed(unit, storedInputChannels: storedInputChannels, isWinograd: isWinograd))
    bias = Tensor(padded(unit.bias, with: 0))
    slopes = Tensor(padded(unit.slopes ?? [], count: outputs, with: 1))
  }

  private static func packed(_ unit: ConvolutionUnit, storedInputChannels: Int, isWinograd: Bool) -> [Float] {
    let (inputs, outputs) = (unit.geometry.inputChannels, unit.geometry.outputChannels)
    let positions = unit.geometry.kernelHeight * unit.geometry.kernelWidth
    let (positionStride, inputStride) = isWinograd ? (1, positions) : (storedInputChannels, 1)
    var packed = [Float](repeating: 0, count: paddedChannels(outputs) * positions * storedInputChannels)
    for output in 0..<outputs {
      let block = (output / 16) * positions * storedInputChannels * 16 + output % 16
      for position in 0..<positions {
        for input in 0..<inputs {
          packed[block + (position * positionStride + input * inputStride) * 16] =
            unit.weights[(output * positions + position) * inputs + input]
        }
      }
    }
    return packed
  }

  /// The linear layer as a convolution whose kernel is the whole image.
  init(_ head: EmbeddingHead) {
    self.init(
      ConvolutionUnit(
        geometry: ConvolutionGeometry(
          inputChannels: head.inputChannels, outputChannels: head.embeddingSize, kernelHeight: head.inputHeight,
          kernelWidth: head.inputWidth),
        weights: head.weights, bias: head.bias),
      storedInputChannels: paddedChannels(head.inputChannels))
  }
}

struct FloatAffine {
  let scale: Tensor<Float>
  let shift: Tensor<Float>

  init(_ affine: ChannelAffine, channels: Int) {
    scale = Tensor(padded(affine.scale, count: channels, with: 1))
    shift = Tensor(padded(affine.shift, count: channels, with: 0))
  }
}

struct FloatSqueezeExcite {
  let hidden: Int
  let meanScale: Float
  let reduce: Tensor<Float>
  let expand: Tensor<Float>

  init(_ squeezeExcite: SqueezeExcite, channels: Int, pixels: Int) {
    hidden = paddedChannels(squeezeExcite.hidden)
    meanScale = 1 / Float(pixels)
    reduce = Tensor(paddedMatrix(squeezeExcite.reduce, rows: squeezeExcite.hidden, columns: channels))
    expand = Tensor(paddedMatrix(squeezeExcite.expand, rows: channels, columns: squeezeExcite.hidden))
  }
}

/// `values`, filled up to a multiple of 16 (of `count`, where there are fewer).
public func padded<Element>(_ values: [Element], count: Int = 0, with filler: Element) -> [Element] {
  let length = paddedChannels(max(values.count, count))
  return values + [Element](repeating: filler, count: length - values.count)
}

/// Depthwise weights [channel][row][column] in the order of the kernels, [row][column][channel], the channels filled up
/// to a multiple of 16 with zeros.
public func packDepthwiseWeights<Element: Numeric>(
  _ weights: [Element], _ geometry: ConvolutionGeometry
) -> [Element] {
  let positions = geometry.kernelHeight * geometry.kernelWidth
  let stored = paddedChannels(geometry.outputChannels)
  var packed = [Element](repeating: 0, count: positions * stored)
  for (index, weight) in weights.enumerated() { packed[index % positions * stored + index / positions] = weight }
  return packed
}

/// A row-major matrix with both dimensions filled up with zeros to multiples of 16.
public func paddedMatrix(_ values: [Float], rows: Int, columns: Int) -> [Float] {
  let stride = paddedChannels(columns)
  var matrix = [Float](repeating: 0, count: paddedChannels(rows) * stride)
  for row in 0..<rows {
    for column in 0..<columns { matrix[row * stride + column] = values[row * columns + column] }
  }
  return matrix
}
