import CSIMD

/// Has the weights of a block that comes later brought into the cache while products are computed, a few cache lines at
/// a time: otherwise the loads that the products wait for would have to queue after many.
public struct WeightPrefetch {
  @usableFromInline var next: UnsafeRawPointer
  @usableFromInline let end: UnsafeRawPointer
  @usableFromInline let bytesPerStep: Int

  /// - Parameter steps: how many the block's lines are spread over, about.
  @inlinable @inline(__always)
  init(_ layer: WinogradLayer, block: Int, steps: Int) {
    next = layer.weights + block &* layer.blockBytes
    end = next + layer.blockBytes
    // Some points have fewer register tiles.
    bytesPerStep = (1 &+ layer.blockBytes / 64 / steps) &* 64
  }

  /// Asks for some more weights; called for every step, or for many of them at once.
  @inlinable @inline(__always)
  public mutating func fetch(steps: Int) {
    let stop = min(next + steps &* bytesPerStep, end)
    // Four at a time, for the sake of fewer instructions.
    while next + 192 < stop {
      csimd_prefetch_near(next)
      csimd_prefetch_near(next + 64)
      csimd_prefetch_near(next + 128)
      csimd_prefetch_near(next + 192)
      next += 256
    }
    while next < stop {
      csimd_prefetch_near(next)
      next += 64
    }
  }
}
