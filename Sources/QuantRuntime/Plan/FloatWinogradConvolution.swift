import SIMDKernels

/// A 3×3 convolution of float by Winograd, cut into ranges of tiles and groups of output channels.
///
/// A part is what one thread transforms at a time, into scratch memory of its own.
struct FloatWinogradConvolution {
  let layer: FloatWinogradLayer
  private let blocks: Int
  private let blocksPerPart: Int
  private let tilesPerPart: Int
  private let tileParts: Int
  let parts: Int
  private let memory: ProgramMemory
  private let scratchBytes: Int

  /// Of transformed input: every range of tiles has the weights transformed again, every group of channels the input.
  private static let largestPartBytes = 1 << 20
  /// As many as the widest register tile takes.
  private static let blocksAtOnce = 4

  init(
    _ layer: FloatWinogradLayer, _ kernel: ConvolutionKernel<FloatWinogradLayer, FloatOutput>, blocks: Int,
    threads: ThreadPlan, _ memory: ProgramMemory
  ) {
    self.layer = layer
    self.blocks = blocks
    let most = max(1, FloatWinogradConvolution.largestPartBytes / (layer.channels * 36 * 4))
    let ranges = (layer.tiles + most - 1) / most
    tilesPerPart = (layer.tiles + ranges - 1) / ranges
    tileParts = (layer.tiles + tilesPerPart - 1) / tilesPerPart
    let groups = (blocks + FloatWinogradConvolution.blocksAtOnce - 1) / FloatWinogradConvolution.blocksAtOnce
    let wanted = min(groups, (threads.partsPerStep + tileParts - 1) / tileParts)
    blocksPerPart = (groups + wanted - 1) / wanted * FloatWinogradConvolution.blocksAtOnce
    parts = (blocks + blocksPerPart - 1) / blocksPerPart * tileParts
    scratchBytes = (kernel.scratchBytes(layer, tilesPerPart) + 63) / 64 * 64
    self.memory = memory
    memory.reserveScratch(scratchBytes * threads.count)
  }

  /// `pixels` of the slice are tiles.
  func slice(_ part: Int, worker: Int) -> ConvolutionSlice {
    let (block, tile) = (part / tileParts * blocksPerPart, part % tileParts * tilesPerPart)
    return ConvolutionSlice(
      blocks: block..<min(block + blocksPerPart, blocks), pixels: tile..<min(tile + tilesPerPart, layer.tiles),
      scratch: memory.scratch(of: worker, bytes: scratchBytes))
  }
}
