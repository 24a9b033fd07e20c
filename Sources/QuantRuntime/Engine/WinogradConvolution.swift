import SIMDKernels

/// A 3×3 convolution by Winograd, cut into bands of rows and groups of output channels.
///
/// A band is what one thread transforms at a time, into scratch memory of its own that fits its cache.
struct WinogradConvolution {
  /// Of the whole output; each band has a `transformed` of its own.
  private let layer: WinogradLayer
  private let blocks: Int
  /// In rows of tiles, 4 pixels high.
  private let bandHeight: Int
  /// Each is summed up by itself where the output is.
  let bands: Int
  private let blockParts: Int
  private let scratch: UnsafeMutableRawPointer
  private let scratchBytes: Int

  /// Groups of channels have their input transformed again, bands their weights: there are groups only where there are too
  /// few bands for all threads.
  private static let largestBandBytes = 512 << 10

  /// - Parameter layer: `transformed` does not matter.
  init(_ layer: WinogradLayer, blocks: Int, kernels: KernelTable, threads: Int, _ arena: Arena) {
    self.layer = layer
    self.blocks = blocks
    let tileRows = layer.down.count
    let places = WinogradLayer.places(stride: layer.stride)
    let rowBytes = layer.across.count * layer.channels * places * places * 2
    let most = max(1, WinogradConvolution.largestBandBytes / rowBytes)
    let wanted = (tileRows + most - 1) / most
    bandHeight = (tileRows + wanted - 1) / wanted
    bands = (tileRows + bandHeight - 1) / bandHeight
    blockParts = bands < 2 * threads ? min(blocks, threads) : 1
    var band = layer
    band.outputHeight = min(bandHeight * 4, layer.outputHeight)
    scratchBytes = band.transformedBytes + layer.scratchBytes(kernels.transformedWeights)
    scratch = UnsafeMutableRawPointer(arena.buffer(.scratch, count: scratchBytes * threads, of: UInt8.self))
  }

  var parts: Int { bands * blockParts }

  struct Band {
    var index: Int
    /// Its first row of outputs.
    var firstRow: Int
    /// As if the band were the whole output.
    var layer: WinogradLayer
    /// In tiles of the band.
    var slice: ConvolutionSlice
    var scratch: UnsafeMutableRawPointer
    /// The same in pixels of the whole output.
    var outputs: ConvolutionSlice
  }

  func band(_ part: Int, worker: Int) -> Band {
    let (index, group) = (part / blockParts, part % blockParts)
    let memory = scratch + worker * scratchBytes
    var band = layer
    let firstRow = index * bandHeight * 4
    band.outputHeight = min(bandHeight * 4, layer.outputHeight - firstRow)
    band.input += firstRow * layer.stride * layer.rowBytes
    band.transformed = memory.assumingMemoryBound(to: Int16.self)
    let products = memory + band.transformedBytes
    let blocks = group * blocks / blockParts..<(group + 1) * blocks / blockParts
    return Band(
      index: index, firstRow: firstRow, layer: band, slice: ConvolutionSlice(blocks: blocks, pixels: 0..<band.tiles),
      scratch: products,
      outputs: ConvolutionSlice(
        blocks: blocks,
        pixels: firstRow * layer.outputWidth..<(firstRow + band.outputHeight) * layer.outputWidth))
  }
}

extension WinogradLayer {
  /// Bytes of `transformed`, a multiple of 64.
  fileprivate var transformedBytes: Int { (transformedCount * 2 + 63) / 64 * 64 }
}

extension Plane<Int8> {
  /// The layer that slides `geometry`'s 3×3 kernel over this plane, as `layer`.
  func winogradLayer(
    _ geometry: ConvolutionGeometry, weights: UnsafeRawPointer
  ) -> WinogradLayer {
    let inset = padding - geometry.padding
    return WinogradLayer(
      input: UnsafePointer(base + inset * (rowStride + channels)), rowBytes: rowStride, channels: channels,
      weights: weights, stride: geometry.stride, outputHeight: geometry.outputHeight(height),
      outputWidth: geometry.outputWidth(width),
      transformed: UnsafeMutableRawPointer(base).assumingMemoryBound(to: Int16.self))
  }
}
