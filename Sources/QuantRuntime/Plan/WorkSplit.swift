import SIMDKernels

/// How a convolution is cut into parts: groups of blocks of 16 output channels × ranges of pixels, whole tiles each.
struct ConvolutionSplit {
  private let blocks: Int
  private let blocksPerPart: Int
  private let pixels: Int
  private let pixelsPerPart: Int
  /// Into how many ranges of pixels a block of channels is cut.
  let pixelParts: Int
  let parts: Int
  /// Where each worker has its share of scratch memory, where the kernel wants some.
  private let memory: ProgramMemory
  private let scratchBytes: Int

  /// - Parameters:
  ///   - blocks: the number of blocks of 16 output channels.
  ///   - memory: where the kernel's scratch memory is.
  init<Layer, Output>(
    _ layer: Layer, _ kernel: ConvolutionKernel<Layer, Output>, blocks: Int, pixels: Int, threads: ThreadPlan,
    _ memory: ProgramMemory
  ) {
    self.blocks = blocks
    self.pixels = pixels
    let tilePixels = kernel.tilePixels(layer)
    let tiles = (pixels + tilePixels - 1) / tilePixels
    let scratchBytes = { (pixelsPerPart: Int) in kernel.scratchBytes(layer, min(pixelsPerPart, pixels)) }
    let cut: (pixelsPerPart: Int, blocksPerPart: Int)
    if kernel.cutting == .fewSlices && pixels > 1 {
      cut = ConvolutionSplit.fewSlices(
        blocks: blocks, pixels: pixels, tiles: tiles, tilePixels: tilePixels, threads: threads, scratchBytes)
    } else {
      // As many as the widest register tile takes: its weights then stay in the cache while the pixels pass.
      let together = kernel.cutting == .pixels && tiles >= threads.partsPerStep ? blocks : min(blocks, 4)
      let blockParts = (blocks + together - 1) / together
      let wanted = (threads.partsPerStep + blockParts - 1) / blockParts
      cut = (max(1, (tiles + wanted - 1) / wanted) * tilePixels, together)
    }
    (pixelsPerPart, blocksPerPart) = cut
    pixelParts = (pixels + pixelsPerPart - 1) / pixelsPerPart
    parts = (blocks + blocksPerPart - 1) / blocksPerPart * pixelParts
    self.scratchBytes = (scratchBytes(pixelsPerPart) + 63) / 64 * 64
    self.memory = memory
    memory.reserveScratch(self.scratchBytes * threads.count)
  }

  /// Each part copies its pixels anew, so there are half as many parts as otherwise: several ranges of pixels where the
  /// copies would not fit the cache, or the blocks are too few for the threads, and then groups of blocks.
  private static func fewSlices(
    blocks: Int, pixels: Int, tiles: Int, tilePixels: Int, threads: ThreadPlan,
    _ scratchBytes: (_ pixelsPerPart: Int) -> Int
  ) -> (pixelsPerPart: Int, blocksPerPart: Int) {
    var ranges = 1
    func pixelsPerRange() -> Int { (tiles + ranges - 1) / ranges * tilePixels }
    while ranges < tiles
      && (scratchBytes(pixelsPerRange()) > largestScratch || ranges * blocks < threads.partsPerStep / 2)
    {
      ranges += 1
    }
    let pixelParts = (pixels + pixelsPerRange() - 1) / pixelsPerRange()
    let groups = max(1, min(blocks, (threads.partsPerStep / 2 + pixelParts - 1) / pixelParts))
    return (pixelsPerRange(), (blocks + groups - 1) / groups)
  }

  /// A part of what a Cortex-A76's second cache holds, which is 512 KiB.
  private static let largestScratch = 320 << 10

  func slice(_ part: Int, worker: Int) -> ConvolutionSlice {
    let block = part / pixelParts * blocksPerPart
    let pixel = pixelPart(part) * pixelsPerPart
    return ConvolutionSlice(
      blocks: block..<min(block + blocksPerPart, blocks), pixels: pixel..<min(pixel + pixelsPerPart, pixels),
      scratch: scratchBytes > 0 ? memory.scratch(of: worker, bytes: scratchBytes) : nil)
  }

  /// Which of the `pixelParts` a part belongs to.
  func pixelPart(_ part: Int) -> Int { part % pixelParts }
}

/// How rows (or blocks of channels) are cut into parts, so that equal numbers of parts are equal numbers of rows.
struct RangeSplit {
  private let count: Int
  let parts: Int

  init(count: Int, threads: ThreadPlan) {
    self.count = count
    parts = min(count, threads.partsPerStep)
  }

  func range(_ part: Int) -> Range<Int> { part * count / parts..<(part + 1) * count / parts }
}
