import QuantRuntime
import SIMDKernels

/// Second moments of the patches that a dense convolution reads, and their cross moments with what its outputs lack.
///
/// Pixels are collected in batches; a batch is one matrix product. Memory depends on the layer alone.
final class InputMoments {
  private let layer: LayerWeights
  private let kernels: MatrixKernels
  /// Weights of an output channel, and that filled up to a multiple of 16.
  private let count: Int
  private let size: Int
  private let outputBlocks: Int
  /// Patches of the batch: [weight][pixel] and [block of 16 weights][pixel][16]; lacks: [block of 16
  /// outputs][pixel][16].
  private let patchRows: FloatMatrix
  private let patchColumns: FloatMatrix
  private let lackColumns: FloatMatrix
  private var batched = 0
  private static let batch = 1024
  /// Lower triangle.
  private let second: FloatMatrix
  private let cross: FloatMatrix
  private var patchSums: [Double]
  private var lackSums: [Double]
  private var pixels = 0

  init(_ layer: LayerWeights, _ kernels: MatrixKernels) {
    self.layer = layer
    self.kernels = kernels
    count = layer.perOutput
    size = paddedChannels(count)
    outputBlocks = paddedChannels(layer.outputs) / 16
    patchRows = FloatMatrix(rows: size, columns: Self.batch)
    patchColumns = FloatMatrix(rows: size / 16, columns: Self.batch * 16)
    lackColumns = FloatMatrix(rows: outputBlocks, columns: Self.batch * 16)
    second = FloatMatrix(rows: size, columns: size)
    cross = FloatMatrix(rows: size, columns: outputBlocks * 16)
    patchSums = [Double](repeating: 0, count: size)
    lackSums = [Double](repeating: 0, count: outputBlocks * 16)
  }

  /// - Parameters:
  ///   - input: what the quantised layer reads.
  ///   - lacks: of its outputs, [block of 16 outputs][pixel][16].
  func add(_ input: InputPlane, lacks: FloatMatrix) {
    let size = layer.outputSize(height: input.height, width: input.width)
    let (height, width) = (size.height, size.width)
    var done = 0
    while done < height * width {
      let range = done..<min(height * width, done + Self.batch - batched)
      kernels.loop.run(parts: self.size / 16) { copyPatches(input, $0, range, width) }
      for block in 0..<outputBlocks {
        (lackColumns.row(block) + batched * 16).update(
          from: lacks.row(block) + range.lowerBound * 16, count: range.count * 16)
      }
      batched += range.count
      done = range.upperBound
      if batched == Self.batch { flush() }
    }
  }

  private func copyPatches(_ input: InputPlane, _ block: Int, _ pixels: Range<Int>, _ outputWidth: Int) {
    let lanes = min(16, count - block * 16)
    let columns = patchColumns.row(block)
    for lane in 0..<lanes {
      let weight = block * 16 + lane
      let (position, channel) = (weight / layer.inputs, weight % layer.inputs)
      let (row, column) = (position / layer.window.kernel.width, position % layer.window.kernel.width)
      let source = input.values.row(row) + column * input.stored + channel
      let rowStep = layer.window.stride.height * input.values.columns
      let pixelStep = layer.window.stride.width * input.stored
      let target = patchRows.row(weight)
      var index = batched
      for pixel in pixels {
        let value = source[pixel / outputWidth * rowStep + pixel % outputWidth * pixelStep]
        target[index] = value
        columns[index * 16 + lane] = value
        index += 1
      }
    }
  }

  private func flush() {
    if batched < Self.batch { clearRest() }
    let part = 96
    kernels.loop.run(parts: partCount(size, of: part)) { index in
      // The longest rows first.
      let rows = partRange(partCount(size, of: part) - 1 - index, of: part, in: size)
      accumulate(patchColumns, blocks: rows.upperBound / 16, rows, into: second)
      accumulate(lackColumns, blocks: outputBlocks, rows, into: cross)
    }
    for row in 0..<size { patchSums[row] += sum(patchRows.row(row), stride: 1) }
    for output in 0..<outputBlocks * 16 {
      lackSums[output] += sum(lackColumns.row(output / 16) + output % 16, stride: 16)
    }
    pixels += batched
    batched = 0
  }

  private func clearRest() {
    let rest = Self.batch - batched
    for row in 0..<size { (patchRows.row(row) + batched).update(repeating: 0, count: rest) }
    for block in 0..<size / 16 { (patchColumns.row(block) + batched * 16).update(repeating: 0, count: rest * 16) }
    for block in 0..<outputBlocks { (lackColumns.row(block) + batched * 16).update(repeating: 0, count: rest * 16) }
  }

  private func accumulate(_ columns: FloatMatrix, blocks: Int, _ rows: Range<Int>, into total: FloatMatrix) {
    let product = FloatMatrix(rows: rows.count, columns: blocks * 16)
    kernels.multiply(
      rows: patchRows.row(rows.lowerBound), rowStride: Self.batch, count: rows.count, inner: Self.batch,
      columns: columns.base, blocks: blocks, into: product.base, outputStride: blocks * 16)
    for row in rows {
      let (target, source) = (total.row(row), product.row(row - rows.lowerBound))
      for column in 0..<blocks * 16 { target[column] += source[column] }
    }
  }

  private func sum(_ values: UnsafePointer<Float>, stride: Int) -> Double {
    var sum = 0.0
    for index in 0..<Self.batch { sum += Double(values[index * stride]) }
    return sum
  }

  /// Means, and moments around them: `H = Σ (x − x̄)(x − x̄)ᵀ / n`, both triangles, and [output][weight] `Σ l·(x − x̄)ᵀ
  /// / n`.
  func finish() -> (patchMeans: [Float], lackMeans: [Float], second: FloatMatrix, cross: FloatMatrix) {
    if batched > 0 { flush() }
    let n = Double(max(pixels, 1))
    let patchMeans = patchSums.map { $0 / n }
    let lackMeans = lackSums.map { $0 / n }
    for row in 0..<size {
      for column in 0...row {
        let value = Float(Double(second[row, column]) / n - patchMeans[row] * patchMeans[column])
        second[row, column] = value
        second[column, row] = value
      }
    }
    let turned = FloatMatrix(rows: layer.outputs, columns: size)
    for output in 0..<layer.outputs {
      for weight in 0..<size {
        turned[output, weight] = Float(Double(cross[weight, output]) / n - patchMeans[weight] * lackMeans[output])
      }
    }
    return (patchMeans.map { Float($0) }, lackMeans.map { Float($0) }, second, turned)
  }
}
