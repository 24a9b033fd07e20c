import QuantRuntime
import SIMDKernels

/// Estimates the cosines of an embedding with all templates, in int8 with the network's own kernel: the templates are
/// the weights of a 1×1 convolution, and the embedding is its one pixel.
struct TemplateSieve {
  private let kernels: KernelTable
  private let templates: QuantisedTemplates
  private let bias: Tensor<Int32>

  init(_ templates: QuantisedTemplates, _ kernels: KernelTable) {
    self.kernels = kernels
    self.templates = templates
    // Flipped pixels are 128 too high, so the sums are 128·Σw too high.
    bias = Tensor(templates.sums.buffer.map { kernels.pixelFlip == 0 ? 0 : -128 &* $0 })
  }

  /// An estimate of the cosine with every template, and how far an estimate may be off.
  func estimates(_ embedding: [Float]) -> (cosines: [Float], error: Float) {
    let query = QuantisedVector(embedding[...])
    var pixel = query.values.map { $0 ^ kernels.pixelFlip }
    // After the components the weights are zero, and the kernel may read 64 bytes more.
    pixel += [Int8](repeating: 0, count: paddedChannels(templates.size) - templates.size + 64)
    var cosines = [Float](repeating: 0, count: templates.scales.count)
    let scales = templates.scales
    let requantisation = Requantisation(bias: bias.base, positive: scales.base, negative: scales.base)
    let blocks = scales.count / 16
    pixel.withUnsafeBytes { pixel in
      cosines.withUnsafeMutableBytes { cosines in
        guard let input = pixel.baseAddress, let output = cosines.baseAddress else { return }
        let stored = paddedChannels(templates.size)
        let layer = ConvolutionLayer(
          input: input, windowRowBytes: stored, windowRows: 1, stepsPerRow: stored / 4, pixelBytes: stored,
          rowBytes: stored, weights: UnsafeRawPointer(templates.values.base), outputWidth: 1)
        let plane = OutputPlane(base: output, pixelBytes: cosines.count, rowBytes: cosines.count)
        kernels.int8.toFloat.run(
          layer, DequantisedOutput(plane: plane, requantisation: requantisation),
          ConvolutionSlice(blocks: 0..<blocks, pixels: 0..<1))
      }
    }
    cosines.removeLast(templates.scales.count - templates.count)
    for row in 0..<templates.count { cosines[row] *= query.scale }
    // |q·t − q̂·t̂| ≤ |q − q̂||t| + |q̂||t − t̂|, and some more for float rounding.
    return (cosines, query.error + (1 + query.error) * templates.error + 1e-4)
  }
}
