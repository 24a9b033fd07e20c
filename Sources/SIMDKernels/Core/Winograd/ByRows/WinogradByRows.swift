#if arch(x86_64)
  /// Winograd row by row: the products of four tiles at all six points of a row at once, 24 sums in registers. The
  /// weights are stored transformed in one direction only, and their columns transformed in the loop of the products
  /// (`RowOperands`), whose units for additions are idle, while the next block's are transformed in the first direction
  /// (`NextRowWeights`).
  ///
  /// The instruction set must have 32 registers.
  public enum WinogradByRows<Products: RowPairProducts>: IntegerWinograd {
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
      let arrangement = TileGroups(layer)
      let groups = (scratch + memory.groupsOffset).bindMemory(to: TileGroup.self, capacity: arrangement.count)
      arrangement.write(to: groups)
      transformRowInput(
        Products.self, layer, UnsafeBufferPointer(start: groups, count: arrangement.count),
        firstBlock: blocks.lowerBound, to: scratch)
      let sums = (scratch + memory.sumsOffset).assumingMemoryBound(to: SIMD16<Int32>.self)
      if arrangement.isMixed {
        for block in blocks {
          convolveGroupByPackedRows(
            Products.self, layer, UnsafePointer(groups), input: scratch, output, block: block, sums: sums)
        }
        return
      }
      var weights = scratch + memory.weightsOffset
      var nextWeights = weights + memory.weightBytes
      var first = NextRowWeights(layer, block: blocks.lowerBound, of: blocks, to: weights, steps: 1)
      first.finish(Products.self)
      for block in blocks {
        output.requantisation.prefetch(block: block &+ 1)
        var next = NextRowWeights(
          layer, block: block &+ 1, of: blocks, to: nextWeights, steps: arrangement.rows &* layer.channels / 16)
        for group in 0..<arrangement.count {
          convolveGroupByStoredRows(
            Products.self, layer, UnsafePointer(groups + group), input: scratch + group &* memory.groupBytes,
            weights: weights, output, block: block, sums: sums, &next)
        }
        next.finish(Products.self)
        swap(&weights, &nextWeights)
      }
    }
  }
#endif
