#if arch(x86_64)
  /// The scratch memory of a thread: the transformed input, the sums of a group of tiles, the groups
  /// themselves, and the transformed weights of two blocks of 16 output channels.
  @usableFromInline
  struct RowScratch {
    @usableFromInline let layer: WinogradLayer

    @inlinable @inline(__always)
    init(_ layer: WinogradLayer) { self.layer = layer }

    // [block of 16 input channels][6 columns][4 tiles][16]. Here and for the weights a cache line more than the data
    // need: rows that are a power of 2 apart would share a few sets of the cache.
    @inlinable @inline(__always)
    var rowBytes: Int { layer.channels &* 48 &+ 64 }
    @inlinable @inline(__always)
    var groupBytes: Int { 6 &* rowBytes }
    @inlinable @inline(__always)
    var inputBytes: Int { TileGroups(layer).count &* groupBytes }
    /// The bytes of one of the 4 rows of transformed weights, [pair of input channels][3 columns][16 output channels][2].
    @inlinable @inline(__always)
    var planeBytes: Int { layer.channels &* 96 &+ 64 }
    @inlinable @inline(__always)
    var weightBytes: Int { 4 &* planeBytes }

    /// The offset of the sums, [6 rows][4 tiles][4 columns][16].
    @inlinable @inline(__always)
    var sumsOffset: Int { inputBytes }
    @inlinable @inline(__always)
    var groupsOffset: Int { sumsOffset &+ 6 &* 16 &* 64 }
    @inlinable @inline(__always)
    var weightsOffset: Int {
      (groupsOffset &+ TileGroups(layer).count &* MemoryLayout<TileGroup>.stride &+ 63) / 64 &* 64
    }
    @inlinable @inline(__always)
    var bytes: Int { weightsOffset &+ (TileGroups(layer).isMixed ? 0 : 2 &* weightBytes) }
  }
#endif
