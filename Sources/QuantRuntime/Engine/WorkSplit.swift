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
  /// What each worker may use, where the kernels want it.
  private var scratch: UnsafeMutableRawPointer?
  private var scratchBytes = 0

  /// - Parameters:
  ///   - blocks: of 16 output channels.
  ///   - tilePixels: pixels of the kernel's register tile.
  ///   - isDepthwise: the pixels are cut rather than the channels.
  init(blocks: Int, pixels: Int, tilePixels: Int, isDepthwise: Bool = false, threads: ThreadPlan) {
    self.blocks = blocks
    self.pixels = pixels
    let tiles = (pixels + tilePixels - 1) / tilePixels
    // As many as the widest register tile takes: its weights then stay in the cache while the pixels pass.
    blocksPerPart = isDepthwise && tiles >= threads.partsPerStep ? blocks : min(blocks, 4)
    let blockParts = (blocks + blocksPerPart - 1) / blocksPerPart
    let wanted = (threads.partsPerStep + blockParts - 1) / blockParts
    pixelsPerPart = max(1, (tiles + wanted - 1) / wanted) * tilePixels
    pixelParts = (pixels + pixelsPerPart - 1) / pixelsPerPart
    parts = blockParts * pixelParts
  }

  /// Of an interleaved convolution, cut at multiples of `tilePixels`. Each part copies its pixels anew, so there are
  /// half as many as otherwise: several ranges of pixels where the copies would not fit the cache, or the blocks are
  /// too few for the threads, and then groups of blocks.
  init(
    blocks: Int, pixels: Int, tilePixels: Int, _ layer: ConvolutionLayer, _ interleaving: Interleaving,
    threads: ThreadPlan, _ arena: Arena
  ) {
    self.blocks = blocks
    self.pixels = pixels
    let tiles = (pixels + tilePixels - 1) / tilePixels
    var ranges = 1
    func tilesPerRange() -> Int { (tiles + ranges - 1) / ranges }
    func bytes() -> Int { interleaving.scratchBytes(layer, pixels: min(tilesPerRange() * tilePixels, pixels)) }
    while ranges < tiles && (bytes() > ConvolutionSplit.largestScratch || ranges * blocks < threads.partsPerStep / 2) {
      ranges += 1
    }
    pixelsPerPart = tilesPerRange() * tilePixels
    pixelParts = (pixels + pixelsPerPart - 1) / pixelsPerPart
    let groups = max(1, min(blocks, (threads.partsPerStep / 2 + pixelParts - 1) / pixelParts))
    blocksPerPart = (blocks + groups - 1) / groups
    parts = (blocks + blocksPerPart - 1) / blocksPerPart * pixelParts
    addScratch(bytes(), workers: threads.count, arena)
  }

  /// A part of what a Cortex-A76's second cache holds, which is 512 KiB.
  private static let largestScratch = 320 << 10

  /// The largest number of rows, `width` pixels each, that a part touches.
  func rowsPerPart(width: Int) -> Int { min((pixelsPerPart - 2) / width + 2, (pixels + width - 1) / width) }

  /// Gives each of `workers` `bytes` of the arena.
  mutating func addScratch(_ bytes: Int, workers: Int, _ arena: Arena) {
    scratchBytes = (bytes + 63) / 64 * 64
    scratch = UnsafeMutableRawPointer(arena.buffer(.scratch, count: scratchBytes * workers, of: UInt8.self))
  }

  func slice(_ part: Int, worker: Int = 0) -> ConvolutionSlice {
    let block = part / pixelParts * blocksPerPart
    let pixel = pixelPart(part) * pixelsPerPart
    return ConvolutionSlice(
      blocks: block..<min(block + blocksPerPart, blocks), pixels: pixel..<min(pixel + pixelsPerPart, pixels),
      scratch: scratch.map { $0 + worker * scratchBytes })
  }
}

extension ConvolutionSplit {
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
