/// How the transformed weights of some blocks of 16 output channels lie in a thread's scratch memory: one plane for each of 36
/// points, or, where the products' loop transforms columns itself, for each of six rows.
///
/// | columns | order |
/// |---|---|
/// | transformed | [36 points][block][input channel][16] |
/// | in the loop | [6 rows][block][pair of input channels][3 columns][16][2] |
///
/// Where the arithmetic wants that, pairs of input channels are interleaved in the former, too.
public struct TransformedWeightOrder: Sendable {
  public var blocks: Int
  public var columnsInLoop: Bool

  @inlinable @inline(__always)
  init(blocks: Int, columnsInLoop: Bool) {
    self.blocks = blocks
    self.columnsInLoop = columnsInLoop
  }

  @inlinable @inline(__always)
  func blockBytes(channels: Int) -> Int { channels &* (columnsInLoop ? 96 : 32) }
  // A cache line more than the data need: planes that are a power of 2 apart would share a few sets of the cache.
  @inlinable @inline(__always)
  func planeBytes(channels: Int) -> Int { blocks &* blockBytes(channels: channels) &+ 64 }
  @inlinable @inline(__always)
  func bytes(channels: Int) -> Int { (columnsInLoop ? 6 : 36) &* planeBytes(channels: channels) }
}
