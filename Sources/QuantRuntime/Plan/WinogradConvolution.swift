import SIMDKernels

/// A 3×3 convolution by Winograd, cut into bands of rows and groups of output channels.
///
/// A band is what one thread transforms at a time, into scratch memory of its own that fits its cache.
struct WinogradConvolution {
  /// Of the whole output.
  private let layer: WinogradLayer
  private let blocks: Int
  /// Rows of outputs that bands are cut at multiples of, and how many of them there are.
  private let rowsTogether: Int
  private let cuts: Int
  /// Each is summed up by itself where the output is.
  let bands: Int
  private let blockParts: Int
  private let memory: ProgramMemory
  private let scratchBytes: Int

  /// Groups of channels have their input transformed again, bands their weights: there are as few of both as the cache
  /// and an equal share for every thread allow, and groups only where there are too few bands.
  private static let largestBandBytes = 512 << 10
  /// Fewer are not worth their weights' transformation.
  private static let fewestRows = 14

  init<Output>(
    _ layer: WinogradLayer, _ kernel: ConvolutionKernel<WinogradLayer, Output>, blocks: Int, threads: Int,
    _ memory: ProgramMemory
  ) {
    self.layer = layer
    self.blocks = blocks
    let tileRows = layer.down.count
    let places = WinogradLayer.places(stride: layer.stride)
    let rowBytes = layer.across.count * layer.channels * places * places * 2
    let most = max(1, WinogradConvolution.largestBandBytes / rowBytes)
    let needed = (tileRows + most - 1) / most
    if needed < threads && layer.outputHeight >= threads * WinogradConvolution.fewestRows {
      (rowsTogether, cuts) = (1, layer.outputHeight)
      bands = threads
    } else {
      (rowsTogether, cuts) = (4, tileRows)
      bands = needed < threads ? needed : min(tileRows, (needed + threads - 1) / threads * threads)
    }
    blockParts = min(blocks, threads / greatestCommonDivisor(bands, threads))
    // A lower band may need more: tiles that have other points are not in one group.
    var bytes = 0
    for index in 0..<bands {
      var band = layer
      band.outputHeight =
        WinogradConvolution.rows(index, of: bands, layer, cuts: cuts, rowsTogether: rowsTogether).count
      bytes = max(bytes, kernel.scratchBytes(band, band.outputHeight * band.outputWidth))
    }
    scratchBytes = (bytes + 63) / 64 * 64
    self.memory = memory
    memory.reserveScratch(scratchBytes * threads)
  }

  var parts: Int { bands * blockParts }

  /// The rows of outputs of a band.
  private static func rows(
    _ index: Int, of bands: Int, _ layer: WinogradLayer, cuts: Int, rowsTogether: Int
  ) -> Range<Int> {
    index * cuts / bands * rowsTogether..<min((index + 1) * cuts / bands * rowsTogether, layer.outputHeight)
  }

  struct Band {
    var index: Int
    /// Its first row of outputs.
    var firstRow: Int
    /// As if the band were the whole output.
    var layer: WinogradLayer
    /// The slice of that layer.
    var slice: ConvolutionSlice
    /// The same outputs as a slice of the whole output.
    var outputs: ConvolutionSlice
  }

  func band(_ part: Int, worker: Int) -> Band {
    let (index, group) = (part / blockParts, part % blockParts)
    var band = layer
    let rows = WinogradConvolution.rows(index, of: bands, layer, cuts: cuts, rowsTogether: rowsTogether)
    band.outputHeight = rows.count
    band.input += rows.lowerBound * layer.stride * layer.rowBytes
    let blocks = group * blocks / blockParts..<(group + 1) * blocks / blockParts
    return Band(
      index: index, firstRow: rows.lowerBound, layer: band,
      slice: ConvolutionSlice(
        blocks: blocks, pixels: 0..<rows.count * layer.outputWidth,
        scratch: memory.scratch(of: worker, bytes: scratchBytes)),
      outputs: ConvolutionSlice(
        blocks: blocks,
        pixels: rows.lowerBound * layer.outputWidth..<rows.upperBound * layer.outputWidth))
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
