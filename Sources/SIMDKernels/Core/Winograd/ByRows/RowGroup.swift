import CSIMD

#if arch(x86_64)
  /// The products and outputs of a group of tiles and a block of 16 output channels, by weights that are stored but for
  /// the first and last row, which are as packed.
  @inlinable @inline(__always)
  func convolveStored<Arithmetic: RowArithmetic, Output: RequantisedOutput>(
    _: Arithmetic.Type, _ layer: WinogradLayer, _ group: UnsafePointer<WinogradGroup>, _ input: UnsafeMutableRawPointer,
    _ weights: UnsafeMutableRawPointer, _ output: Output, block: Int, _ sums: UnsafeMutablePointer<SIMD16<Int32>>,
    _ next: inout NextWeights
  ) {
    for row in 0..<6 where row != 4 || !group.pointee.lacksRow {
      let products = RowProducts(layer, output, block: block, row: row, input, sums)
      switch row {
      case 0: multiply(Arithmetic.self, products, PackedRowWeights<0>(layer, block: block), group, &next)
      case 5: multiply(Arithmetic.self, products, PackedRowWeights<5>(layer, block: block), group, &next)
      default: multiply(Arithmetic.self, products, StoredRowWeights(layer, weights, row: row), group, &next)
      }
    }
    for place in 0..<group.pointee.tiles {
      store(Arithmetic.self, sums + place &* 4, output, block: block, group, place: place)
    }
  }

  @inlinable @inline(__always)
  func multiply<Arithmetic: RowArithmetic, Weights: RowWeights>(
    _: Arithmetic.Type, _ products: RowProducts, _ weights: Weights, _ group: UnsafePointer<WinogradGroup>,
    _ next: inout NextWeights
  ) {
    switch (group.pointee.shape, group.pointee.tiles > 2) {
    case (.narrow, true): multiply(Arithmetic.self, products, weights, &next, RowTile<4, 0b1111>())
    case (.narrow, false): multiply(Arithmetic.self, products, weights, &next, RowTile<2, 0b11>())
    case (_, true): multiply(Arithmetic.self, products, weights, &next, RowTile<4, 0b0000>())
    case (_, false): multiply(Arithmetic.self, products, weights, &next, RowTile<2, 0b00>())
    }
  }

  /// The same of a mixed group, which is alone, by weights as packed.
  @inlinable @inline(__always)
  func convolvePacked<Arithmetic: RowArithmetic, Output: RequantisedOutput>(
    _: Arithmetic.Type, _ layer: WinogradLayer, _ group: UnsafePointer<WinogradGroup>, _ input: UnsafeMutableRawPointer,
    _ output: Output, block: Int, _ sums: UnsafeMutablePointer<SIMD16<Int32>>
  ) {
    output.requantisation.prefetch(block: block &+ 1)
    var prefetch = WeightPrefetch(layer, block: block &+ 1, steps: 6 &* layer.channels / 16)
    let products = { (row: Int) in RowProducts(layer, output, block: block, row: row, input, sums) }
    let (all, upper) = (RowTile<4, 0b1010>(), RowTile<2, 0b10>())
    multiply(Arithmetic.self, products(0), PackedRowWeights<0>(layer, block: block), &prefetch, all)
    multiply(Arithmetic.self, products(1), PackedRowWeights<1>(layer, block: block), &prefetch, all)
    multiply(Arithmetic.self, products(2), PackedRowWeights<2>(layer, block: block), &prefetch, all)
    multiply(Arithmetic.self, products(3), PackedRowWeights<3>(layer, block: block), &prefetch, all)
    multiply(Arithmetic.self, products(4), PackedRowWeights<4>(layer, block: block), &prefetch, upper)
    multiply(Arithmetic.self, products(5), PackedRowWeights<5>(layer, block: block), &prefetch, all)
    for place in 0..<4 { store(Arithmetic.self, sums + place &* 4, output, block: block, group, place: place) }
  }

  extension RowProducts {
    @inlinable @inline(__always)
    init<Output: RequantisedOutput>(
      _ layer: WinogradLayer, _ output: Output, block: Int, row: Int, _ input: UnsafeMutableRawPointer,
      _ sums: UnsafeMutablePointer<SIMD16<Int32>>
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
