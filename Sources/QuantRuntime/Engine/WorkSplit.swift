import SIMDKernels

/// How a convolution is cut into parts: groups of output channel blocks × ranges of pixels, whole tiles each.
struct ConvolutionSplit {
  private let blocks: Int
  private let blocksPerPart: Int
  private let pixels: Int
  private let pixelsPerPart: Int
  /// Into how many ranges of pixels a block of channels is cut.
  let pixelParts: Int
  let parts: Int

  /// - Parameters:
  ///   - blocks: of 16 output channels.
  ///   - tilePixels: pixels of the kernel's register tile.
  ///   - blocksPerPart: as many as the widest register tile takes, unless given: its weights then stay in the cache while the
  ///     pixels pass.
  init(blocks: Int, pixels: Int, tilePixels: Int, threads: ThreadPlan, blocksPerPart: Int = 4) {
    self.blocks = blocks
    self.pixels = pixels
    self.blocksPerPart = min(blocks, blocksPerPart)
    let blockParts = (blocks + self.blocksPerPart - 1) / self.blocksPerPart
    let wanted = (threads.partsPerStep + blockParts - 1) / blockParts
    let tiles = (pixels + tilePixels - 1) / tilePixels
    pixelsPerPart = max(1, (tiles + wanted - 1) / wanted) * tilePixels
    pixelParts = (pixels + pixelsPerPart - 1) / pixelsPerPart
    parts = blockParts * pixelParts
  }

  func slice(_ part: Int) -> ConvolutionSlice {
    let block = part / pixelParts * blocksPerPart
    let pixel = pixelPart(part) * pixelsPerPart
    return ConvolutionSlice(
      blocks: block..<min(block + blocksPerPart, blocks), pixels: pixel..<min(pixel + pixelsPerPart, pixels))
  }
}

extension ConvolutionSplit {
  /// Which of the `pixelParts` a part belongs to.
  func pixelPart(_ part: Int) -> Int { part % pixelParts }
}

/// How rows (or blocks of channels) are cut into parts.
struct RangeSplit {
  private let count: Int
  private let perPart: Int
  let parts: Int

  init(count: Int, threads: ThreadPlan) {
    self.count = count
    perPart = max(1, (count + threads.partsPerStep - 1) / threads.partsPerStep)
    parts = (count + perPart - 1) / perPart
  }

  func range(_ part: Int) -> Range<Int> { part * perPart..<min((part + 1) * perPart, count) }
}
