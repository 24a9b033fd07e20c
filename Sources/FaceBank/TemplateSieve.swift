import QuantRuntime
import SIMDKernels

/// Estimates the cosines of an embedding with all templates, in int8 with the network's own kernel: the templates are
/// the weights of a 1×1 convolution, and the embedding is its one pixel.
struct TemplateSieve {
  private let kernels: KernelTable
  private let count: Int
  private let size: Int
  /// [block of 16 people][group of 4 components][16 people][4 components], padded with zeros.
  private let weights: Tensor<Int8>
  private let bias: Tensor<Int32>
  private let scales: Tensor<Float>
  /// The longest difference between a template and its int8 form.
  private let error: Float

  init(_ templates: PersonTemplates, _ kernels: KernelTable) {
    self.kernels = kernels
    (count, size) = (templates.names.count, templates.size)
    let stored = paddedChannels(size)
    var packed = [Int8](repeating: 0, count: paddedChannels(count) * stored)
    var bias = [Int32](repeating: 0, count: paddedChannels(count))
    var scales = [Float](repeating: 0, count: paddedChannels(count))
    var error: Float = 0
    for row in 0..<templates.names.count {
      let quantised = QuantisedVector(templates.values[row * size..<(row + 1) * size])
      let block = row / 16 * stored * 16 + row % 16 * 4
      var sum: Int32 = 0
      for (component, value) in quantised.values.enumerated() {
        packed[block + component / 4 * 64 + component % 4] = value
        sum += Int32(value)
      }
      // Flipped pixels are 128 too high, so the sums are 128·Σw too high.
      bias[row] = kernels.pixelFlip == 0 ? 0 : -128 * sum
      scales[row] = quantised.scale
      error = max(error, quantised.error)
    }
    weights = Tensor(packed)
    self.bias = Tensor(bias)
    self.scales = Tensor(scales)
    self.error = error
  }

  /// An estimate of the cosine with every template, and how far an estimate may be off.
  func estimates(_ embedding: [Float]) -> (cosines: [Float], error: Float) {
    let query = QuantisedVector(embedding[...])
    var pixel = query.values.map { $0 ^ kernels.pixelFlip }
    // After the components the weights are zero, and the kernel may read 64 bytes more.
    pixel += [Int8](repeating: 0, count: paddedChannels(size) - size + 64)
    var cosines = [Float](repeating: 0, count: scales.count)
    let requantisation = Requantisation(bias: bias.base, positive: scales.base, negative: scales.base)
    let blocks = scales.count / 16
    pixel.withUnsafeBytes { pixel in
      cosines.withUnsafeMutableBytes { cosines in
        guard let input = pixel.baseAddress, let output = cosines.baseAddress else { return }
        let stored = paddedChannels(size)
        let layer = ConvolutionLayer(
          input: input, windowRowBytes: stored, windowRows: 1, stepsPerRow: stored / 4, pixelBytes: stored,
          rowBytes: stored, weights: UnsafeRawPointer(weights.base), outputWidth: 1)
        let plane = OutputPlane(base: output, pixelBytes: cosines.count, rowBytes: cosines.count)
        kernels.int8.toFloat.run(
          layer, DequantisedOutput(plane: plane, requantisation: requantisation),
          ConvolutionSlice(blocks: 0..<blocks, pixels: 0..<1))
      }
    }
    cosines.removeLast(scales.count - count)
    for row in 0..<count { cosines[row] *= query.scale }
    // |q·t − q̂·t̂| ≤ |q − q̂||t| + |q̂||t − t̂|, and some more for float rounding.
    return (cosines, query.error + (1 + query.error) * error + 1e-4)
  }
}

/// A vector in int8: `values · scale`.
private struct QuantisedVector {
  let values: [Int8]
  let scale: Float
  /// The length of what quantising took away.
  let error: Float

  init(_ vector: ArraySlice<Float>) {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    let scale = largest / 127
    guard scale > 0 else {
      self.init(values: [Int8](repeating: 0, count: vector.count), scale: 0, error: 0)
      return
    }
    var squares: Float = 0
    var values: [Int8] = []
    values.reserveCapacity(vector.count)
    for component in vector {
      let rounded = (component / scale).rounded()
      let difference = component - rounded * scale
      squares += difference * difference
      values.append(Int8(max(-127, min(127, rounded))))
    }
    self.init(values: values, scale: scale, error: squares.squareRoot())
  }

  private init(values: [Int8], scale: Float, error: Float) {
    self.values = values
    self.scale = scale
    self.error = error
  }
}
