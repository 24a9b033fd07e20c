import CSIMD
import SIMDKernels

/// A convolution, or some rows of it, as Winograd: two steps of the int8 program.
struct WinogradPass {
  let layer: WinogradLayer
  /// The first row of the output that this pass computes.
  let firstRow: Int
  /// Of the transformation of the input: tiles.
  let input: RangeSplit
  /// Of the products: blocks of output channels × tiles.
  let products: ConvolutionSplit
  private let scratch: UnsafeMutablePointer<UInt8>
  private let scratchBytes: Int

  /// The transformed input of a pass has this many bytes at most, for the sake of the processor's cache, or one row of tiles.
  private static let transformedBytes = 1 << 20

  /// The passes that make up a convolution, one behind the other.
  ///
  /// - Parameter layer: 3×3 with stride 1, over int8.
  static func passes(
    _ layer: ConvolutionLayer, _ shape: WinogradShape, arena: Arena, kernels: KernelTable, threads: ThreadPlan
  ) -> [WinogradPass] {
    let channels = shape.inputChannels
    let rowBytes = 36 * ((shape.width + 3) / 4) * channels * 2
    let rows = max(1, transformedBytes / rowBytes) * 4
    return stride(from: 0, to: shape.height, by: rows).map { row in
      WinogradPass(layer, shape, rows: row..<min(row + rows, shape.height), arena, kernels, threads)
    }
  }

  private init(
    _ layer: ConvolutionLayer, _ shape: WinogradShape, rows: Range<Int>, _ arena: Arena, _ kernels: KernelTable,
    _ threads: ThreadPlan
  ) {
    var pass = WinogradLayer(
      input: (layer.input + rows.lowerBound * layer.rowBytes).assumingMemoryBound(to: Int8.self),
      rowBytes: layer.rowBytes, channels: shape.inputChannels, flip: kernels.pixelFlip, weights: layer.weights,
      outputHeight: rows.count, outputWidth: shape.width,
      transformed: arena.buffer(.transformed, count: 0, of: Int16.self))
    pass.transformed = arena.buffer(.transformed, count: pass.transformedCount, of: Int16.self)
    scratchBytes = WinogradLayer.scratchBytes(channels: shape.inputChannels)
    scratch = arena.buffer(.scratch, count: scratchBytes * threads.count, of: UInt8.self)
    firstRow = rows.lowerBound
    input = RangeSplit(count: pass.tiles, threads: threads)
    // Every part transforms its weights for itself, so a part has all tiles of a block as long as there are blocks enough.
    products = ConvolutionSplit(
      blocks: shape.outputChannels / 16, pixels: pass.tiles, tilePixels: kernels.transformedTiles, threads: threads,
      blocksPerPart: 1)
    self.layer = pass
  }

  /// The scratch memory of a thread.
  func scratch(worker: Int) -> UnsafeMutableRawPointer { UnsafeMutableRawPointer(scratch + worker * scratchBytes) }

  /// Where the pass's first row of outputs lies in the layer's.
  func rows(of plane: OutputPlane) -> OutputPlane {
    OutputPlane(base: plane.base + firstRow * plane.rowBytes, pixelBytes: plane.pixelBytes, rowBytes: plane.rowBytes)
  }
}

extension QuantisedConvolution {
  /// The shape of a convolution that Winograd may compute, else nil.
  ///
  /// - Parameters:
  ///   - height, width: of the output.
  func winogradShape(height: Int, width: Int) -> WinogradShape? {
    guard case .int8 = weights, geometry.kernelHeight == 3, geometry.kernelWidth == 3, geometry.stride == 1
    else { return nil }
    return WinogradShape(
      inputChannels: paddedChannels(geometry.inputChannels), outputChannels: paddedChannels(geometry.outputChannels),
      height: height, width: width)
  }

  /// Whether 128 · Σ|w| < 2²⁵ for every output channel, without which Winograd would not be exact.
  var hasWinogradSums: Bool {
    guard case .int8(let weights, _) = weights else { return false }
    let blockBytes = weights.count / (paddedChannels(geometry.outputChannels) / 16)
    // However the weights are, they are at most 127.
    guard blockBytes / 16 * 127 >= 1 << 18 else { return true }
    for block in stride(from: 0, to: weights.count, by: blockBytes) {
      for quarter in 0..<4 {
        // Four inputs of each of four output channels.
        var sums = SIMD16<Int32>()
        for step in stride(from: block + quarter * 16, to: block + blockBytes, by: 64) {
          let values = csimd_widen_i8(UnsafeRawPointer(weights.base + step).loadUnaligned(as: SIMD16<Int8>.self))
          sums &+= values.replacing(with: 0 &- values, where: values .< 0)
        }
        for output in stride(from: 0, to: 16, by: 4) {
          let sum = sums[output] + sums[output + 1] + sums[output + 2] + sums[output + 3]
          if sum >= 1 << 18 { return false }
        }
      }
    }
    return true
  }
}
