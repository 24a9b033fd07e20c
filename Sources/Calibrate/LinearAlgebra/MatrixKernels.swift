import QuantRuntime
import SIMDKernels

/// Matrix products by the float engine's convolution kernel, on all threads.
///
/// Every element of a product is one sum in the order of the inner index, whichever thread computes it: the results are
/// the same bits for every number of threads.
final class MatrixKernels {
  let loop: ParallelLoop
  private let kernels: KernelTable
  private let zeros: Tensor<Float>
  private let ones: Tensor<Float>

  /// - Parameter columns: of the widest product.
  init(_ kernels: KernelTable, _ loop: ParallelLoop, columns: Int) {
    self.kernels = kernels
    self.loop = loop
    zeros = Tensor([Float](repeating: 0, count: columns))
    ones = Tensor([Float](repeating: 1, count: columns))
  }

  /// `output[r][c] = Σ_k rows[r][k] · columns[c / 16][k][c % 16]`, on the calling thread.
  ///
  /// - Parameters:
  ///   - count: of rows.
  ///   - inner: length of the sums, a multiple of 4.
  ///   - blocks: of 16 columns, of which `columns` points to the first.
  func multiply(
    rows: UnsafePointer<Float>, rowStride: Int, count: Int, inner: Int, columns: UnsafePointer<Float>, blocks: Int,
    into output: UnsafeMutablePointer<Float>, outputStride: Int
  ) {
    let layer = ConvolutionLayer(
      input: UnsafeRawPointer(rows), windowRowBytes: 0, windowRows: 1, stepsPerRow: inner, pixelBytes: rowStride * 4,
      rowBytes: 0, weights: UnsafeRawPointer(columns), outputWidth: count)
    let plane = OutputPlane(base: UnsafeMutableRawPointer(output), pixelBytes: outputStride * 4, rowBytes: 0)
    convolve(layer, plane, ConvolutionSlice(blocks: 0..<blocks, pixels: 0..<count))
  }

  /// A convolution without bias, on the calling thread.
  func convolve(_ layer: ConvolutionLayer, _ output: OutputPlane, _ slice: ConvolutionSlice) {
    kernels.float.direct.run(layer, FloatOutput(plane: output, bias: zeros.base, slopes: ones.base), slice)
  }
}

/// The columns of a product: [block of 16][inner index][16].
final class PackedColumns {
  let base: UnsafeMutablePointer<Float>
  private let memory: FloatMatrix

  init(capacity: Int) {
    memory = FloatMatrix(rows: 1, columns: capacity)
    base = memory.base
  }
}

/// How many parts of `size` make up `count`.
func partCount(_ count: Int, of size: Int) -> Int { (count + size - 1) / size }

/// The indices of such a part.
func partRange(_ part: Int, of size: Int, in count: Int) -> Range<Int> { part * size..<min((part + 1) * size, count) }
