import CSIMD

/// Has the weights of the blocks that come next brought into the second cache while products are computed, a few cache lines at
/// a time: those that the products themselves wait for would have to queue behind many at once.
public struct WeightPrefetch {
  @usableFromInline var next: UnsafeRawPointer
  @usableFromInline let end: UnsafeRawPointer
  @usableFromInline let linesPerStep: Int

  /// - Parameter registerTiles: those of one point.
  @inlinable @inline(__always)
  init(_ layer: WinogradLayer, blocks: Range<Int>, registerTiles: Int) {
    let blockBytes = layer.channels &* 144
    next = layer.weights + blocks.lowerBound &* blockBytes
    end = layer.weights + blocks.upperBound &* blockBytes
    // Some points have fewer register tiles.
    linesPerStep = 1 &+ blocks.count &* blockBytes / 64 / (layer.points &* registerTiles &* layer.channels / 16)
  }

  /// To be called for so many input channels of a register tile, a multiple of 16.
  @inlinable @inline(__always)
  public mutating func fetch(channels: Int) {
    let stop = min(next + channels / 16 &* linesPerStep &* 64, end)
    // Four at a time, for the sake of fewer instructions.
    while next + 192 < stop {
      csimd_prefetch(next)
      csimd_prefetch(next + 64)
      csimd_prefetch(next + 128)
      csimd_prefetch(next + 192)
      next += 256
    }
    while next < stop {
      csimd_prefetch(next)
      next += 64
    }
  }
}
