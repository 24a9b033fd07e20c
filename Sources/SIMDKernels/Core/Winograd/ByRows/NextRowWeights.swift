import CSIMD

#if arch(x86_64)
  /// The weights of the block that comes next. While this one's products are computed they are transformed in one
  /// direction, a few at a time, and those of the block after it brought into the cache.
  @usableFromInline
  struct NextRowWeights: RowBackground {
    @usableFromInline var weights: UnsafeRawPointer
    @usableFromInline var output: UnsafeMutableRawPointer
    /// Columns of kernels left, of four input channels each, and those of the current four.
    @usableFromInline var columns: Int
    @usableFromInline var columnsOfFour = 3
    @usableFromInline let columnsPerStep: Int
    @usableFromInline let positionBytes: Int
    @usableFromInline let planeBytes: Int
    @usableFromInline var prefetch: WeightPrefetch

    /// - Parameters:
    ///   - steps: how often `advance` will be called.
    @inlinable @inline(__always)
    init(_ layer: WinogradLayer, block: Int, of blocks: Range<Int>, to output: UnsafeMutableRawPointer, steps: Int) {
      weights = layer.weights + block &* layer.blockBytes
      self.output = output
      columns = block < blocks.upperBound ? layer.channels / 4 &* 3 : 0
      columnsPerStep = (columns &+ steps &- 1) / steps
      positionBytes = layer.channels &* 16
      planeBytes = RowScratch(layer).planeBytes
      prefetch = WeightPrefetch(layer, block: block &+ 1, steps: steps)
    }

    /// Transforms a few columns; called for every 16 input channels of a row of products.
    @inlinable @inline(__always)
    mutating func advance<Products: RowPairProducts>(_: Products.Type) {
      prefetch.fetch(steps: 1)
      var count = min(columnsPerStep, columns)
      while count > 0 {
        transformColumn(Products.self)
        count &-= 1
      }
    }

    @inlinable @inline(never)
    mutating func finish<Products: RowPairProducts>(_: Products.Type) {
      while columns > 0 {
        // Nine streams are more than a processor foresees.
        for row in 0..<3 { csimd_prefetch_near(weights + (row &* 3 &* positionBytes &+ 320)) }
        transformColumn(Products.self)
      }
    }

    /// Transforms one column of the kernels of four input channels.
    @inlinable @inline(__always)
    mutating func transformColumn<Products: RowPairProducts>(_: Products.Type) {
      let rowBytes = 3 &* positionBytes
      let first = weights.loadUnaligned(as: SIMD64<Int8>.self)
      let second = (weights + rowBytes).loadUnaligned(as: SIMD64<Int8>.self)
      let third = (weights + 2 &* rowBytes).loadUnaligned(as: SIMD64<Int8>.self)
      store(
        Products.self, csimd_widen_even_bytes(first), csimd_widen_even_bytes(second), csimd_widen_even_bytes(third),
        to: output)
      store(
        Products.self, csimd_widen_odd_bytes(first), csimd_widen_odd_bytes(second), csimd_widen_odd_bytes(third),
        to: output + 192)
      columns &-= 1
      columnsOfFour &-= 1
      weights += positionBytes
      output += 64
      if columnsOfFour == 0 {
        columnsOfFour = 3
        weights += 64 &- 3 &* positionBytes
        output += 384 &- 192
      }
    }

    @inlinable @inline(__always)
    func store<Products: RowPairProducts>(
      _: Products.Type, _ first: SIMD32<Int16>, _ second: SIMD32<Int16>, _ third: SIMD32<Int16>,
      to output: UnsafeMutableRawPointer
    ) {
      let rows = WinogradUnitStride.weights(first, second, third)
      // The first and last are used as packed.
      forEachConstant(4) { row in
        (output + row &* planeBytes).storeBytes(of: rows[unchecked: row &+ 1], as: SIMD32<Int16>.self)
      }
    }
  }
#endif
