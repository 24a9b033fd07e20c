import CSIMD

#if arch(x86_64)
  /// Winograd row by row: the products of four tiles at all six points of a row at once, 24 sums in registers. The
  /// weights are stored transformed in one direction only, and their columns transformed in the loop of the products
  /// (`RowProducts`), whose units for additions are idle, while the next block's are transformed in the first direction
  /// (`NextWeights`).
  ///
  /// For instruction sets with registers enough.
  public enum WinogradByRows<Arithmetic: RowArithmetic>: WinogradArithmetic {
    @inlinable
    public static var name: String { "winograd by rows" }
    @inlinable @inline(__always)
    public static var largestStride: Int { 1 }

    @inlinable
    public static func scratchBytes(_ layer: WinogradLayer) -> Int { RowScratch(layer).bytes }

    @inlinable @inline(__always)
    public static func convolve<Output: RequantisedOutput>(
      _ layer: WinogradLayer, _ output: Output, blocks: Range<Int>, scratch: UnsafeMutableRawPointer
    ) {
      let memory = RowScratch(layer)
      let arrangement = WinogradGroups(layer)
      let groups = (scratch + memory.groupsOffset).bindMemory(to: WinogradGroup.self, capacity: arrangement.count)
      arrangement.write(to: groups)
      transformInput(
        Arithmetic.self, layer, UnsafeBufferPointer(start: groups, count: arrangement.count),
        firstBlock: blocks.lowerBound, to: scratch)
      let sums = (scratch + memory.sumsOffset).assumingMemoryBound(to: SIMD16<Int32>.self)
      if arrangement.isMixed {
        for block in blocks {
          convolvePacked(Arithmetic.self, layer, UnsafePointer(groups), scratch, output, block: block, sums)
        }
        return
      }
      var weights = scratch + memory.weightsOffset
      var nextWeights = weights + memory.weightBytes
      var first = NextWeights(layer, block: blocks.lowerBound, of: blocks, to: weights, steps: 1)
      first.finish(Arithmetic.self)
      for block in blocks {
        output.requantisation.prefetch(block: block &+ 1)
        var next = NextWeights(
          layer, block: block &+ 1, of: blocks, to: nextWeights, steps: arrangement.rows &* layer.channels / 16)
        for group in 0..<arrangement.count {
          convolveStored(
            Arithmetic.self, layer, UnsafePointer(groups + group), scratch + group &* memory.groupBytes, weights,
            output,
            block: block, sums, &next)
        }
        next.finish(Arithmetic.self)
        swap(&weights, &nextWeights)
      }
    }
  }

  /// Dot products of pairs of int16, as registers take them.
  public protocol RowArithmetic: SendableMetatype {
    /// 16 channels as they are stored, where the second and third of every four change places: `NextWeights` pairs them
    /// so.
    static func widened(_ pixels: SIMD16<Int8>) -> SIMD16<Int16>
    /// Adds to the sums of 16 output channels the products of a pair of input channels, which stands at an address, and
    /// of their weights, [16][2].
    static func add(_ sums: inout SIMD16<Int32>, pair: UnsafeRawPointer, _ weights: SIMD32<Int16>)
  }

  /// What lies in a thread's scratch memory: the transformed input, the sums of a group of tiles, the groups
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
    var inputBytes: Int { WinogradGroups(layer).count &* groupBytes }
    /// [4 rows], each [pair of input channels][3 columns][16 output channels][2].
    @inlinable @inline(__always)
    var planeBytes: Int { layer.channels &* 96 &+ 64 }
    @inlinable @inline(__always)
    var weightBytes: Int { 4 &* planeBytes }

    /// [6 rows][4 tiles][4 columns][16].
    @inlinable @inline(__always)
    var sumsOffset: Int { inputBytes }
    @inlinable @inline(__always)
    var groupsOffset: Int { sumsOffset &+ 6 &* 16 &* 64 }
    @inlinable @inline(__always)
    var weightsOffset: Int {
      (groupsOffset &+ WinogradGroups(layer).count &* MemoryLayout<WinogradGroup>.stride &+ 63) / 64 &* 64
    }
    @inlinable @inline(__always)
    var bytes: Int { weightsOffset &+ (WinogradGroups(layer).isMixed ? 0 : 2 &* weightBytes) }
  }
#endif
