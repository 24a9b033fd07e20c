#if arch(x86_64)
  /// The products and outputs of a group of tiles and a block of 16 output channels, by weights that are stored but for
  /// the first and last row, which are as packed.
  @inlinable @inline(__always)
  func convolveGroupByStoredRows<Products: RowPairProducts, Output: RequantisedOutput>(
    _: Products.Type, _ layer: WinogradLayer, _ group: UnsafePointer<TileGroup>, input: UnsafeMutableRawPointer,
    weights: UnsafeMutableRawPointer, _ output: Output, block: Int, sums: UnsafeMutablePointer<SIMD16<Int32>>,
    _ next: inout NextRowWeights
  ) {
    for row in 0..<6 where row != 4 || !group.pointee.lacksRow {
      let products = RowOperands(layer, output, block: block, row: row, input: input, sums: sums)
      switch row {
      case 0: multiplyRow(Products.self, products, PackedRowWeights<0>(layer, block: block), group, &next)
      case 5: multiplyRow(Products.self, products, PackedRowWeights<5>(layer, block: block), group, &next)
      default: multiplyRow(Products.self, products, StoredRowWeights(layer, weights, row: row), group, &next)
      }
    }
    for place in 0..<group.pointee.tiles {
      storeRowOutputs(Products.self, sums + place &* 4, output, block: block, group, place: place)
    }
  }

  @inlinable @inline(__always)
  func multiplyRow<Products: RowPairProducts, Weights: RowWeights>(
    _: Products.Type, _ products: RowOperands, _ weights: Weights, _ group: UnsafePointer<TileGroup>,
    _ next: inout NextRowWeights
  ) {
    switch (group.pointee.shape, group.pointee.tiles > 2) {
    case (.narrow, true): multiplyRow(Products.self, products, weights, &next, RowTile<4, 0b1111>())
    case (.narrow, false): multiplyRow(Products.self, products, weights, &next, RowTile<2, 0b11>())
    case (_, true): multiplyRow(Products.self, products, weights, &next, RowTile<4, 0b0000>())
    case (_, false): multiplyRow(Products.self, products, weights, &next, RowTile<2, 0b00>())
    }
  }

  /// The products and outputs of a mixed group of tiles, which is alone, by weights as they are packed.
  @inlinable @inline(__always)
  func convolveGroupByPackedRows<Products: RowPairProducts, Output: RequantisedOutput>(
    _: Products.Type, _ layer: WinogradLayer, _ group: UnsafePointer<TileGroup>, input: UnsafeMutableRawPointer,
    _ output: Output, block: Int, sums: UnsafeMutablePointer<SIMD16<Int32>>
  ) {
    output.requantisation.prefetch(block: block &+ 1)
    var prefetch = WeightPrefetch(layer, block: block &+ 1, steps: 6 &* layer.channels / 16)
    let products = { (row: Int) in RowOperands(layer, output, block: block, row: row, input: input, sums: sums) }
    let (all, upper) = (RowTile<4, 0b1010>(), RowTile<2, 0b10>())
    multiplyRow(Products.self, products(0), PackedRowWeights<0>(layer, block: block), &prefetch, all)
    multiplyRow(Products.self, products(1), PackedRowWeights<1>(layer, block: block), &prefetch, all)
    multiplyRow(Products.self, products(2), PackedRowWeights<2>(layer, block: block), &prefetch, all)
    multiplyRow(Products.self, products(3), PackedRowWeights<3>(layer, block: block), &prefetch, all)
    multiplyRow(Products.self, products(4), PackedRowWeights<4>(layer, block: block), &prefetch, upper)
    multiplyRow(Products.self, products(5), PackedRowWeights<5>(layer, block: block), &prefetch, all)
    for place in 0..<4 { storeRowOutputs(Products.self, sums + place &* 4, output, block: block, group, place: place) }
  }

  extension RowOperands {
    @inlinable @inline(__always)
    init<Output: RequantisedOutput>(
      _ layer: WinogradLayer, _ output: Output, block: Int, row: Int, input: UnsafeMutableRawPointer,
      sums: UnsafeMutablePointer<SIMD16<Int32>>
    ) {
      // Every output has a sixteenth of 576 times the product of point 1, which thus brings the bias to all.
      let bias =
        row == 1 ? load(output.requantisation.bias + block &* 16) &* SIMD16(repeating: 36) : SIMD16<Int32>()
      self.init(
        input: UnsafeRawPointer(input + row &* RowScratch(layer).rowBytes), channels: layer.channels, bias: bias,
        sums: sums + row &* 16)
    }
  }
#endif
