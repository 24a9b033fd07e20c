import CSIMD

/// The outputs of one tile, from its sums, [6 rows][4 tiles][4 columns].
@inlinable @inline(__always)
func store<Arithmetic: RowArithmetic, Output: RequantisedOutput>(
  _: Arithmetic.Type, _ sums: UnsafePointer<SIMD16<Int32>>, _ layer: WinogradLayer, _ output: Output,
  _ constants: Output.Constants, block: Int, _ tile: (row: Int, column: Int)
) {
  if layer.down.isNarrow(tile.row) {
    store(Arithmetic.self, sums, layer, output, constants, block: block, tile, narrow: true)
  } else {
    store(Arithmetic.self, sums, layer, output, constants, block: block, tile, narrow: false)
  }
}

@inlinable @inline(__always)
func store<Arithmetic: RowArithmetic, Output: RequantisedOutput>(
  _: Arithmetic.Type, _ sums: UnsafePointer<SIMD16<Int32>>, _ layer: WinogradLayer, _ output: Output,
  _ constants: Output.Constants, block: Int, _ tile: (row: Int, column: Int), narrow: Bool
) {
  if output.requantisation.isLinear {
    store(Arithmetic.self, sums, layer, output, constants, block: block, tile, narrow: narrow, isLinear: true)
  } else {
    store(Arithmetic.self, sums, layer, output, constants, block: block, tile, narrow: narrow, isLinear: false)
  }
}

@inlinable @inline(__always)
func store<Arithmetic: RowArithmetic, Output: RequantisedOutput>(
  _: Arithmetic.Type, _ sums: UnsafePointer<SIMD16<Int32>>, _ layer: WinogradLayer, _ output: Output,
  _ constants: Output.Constants, block: Int, _ tile: (row: Int, column: Int), narrow: Bool, isLinear: Bool
) {
  let factors = WinogradFactors()
  let (firstRow, firstColumn) = (layer.down.start(tile.row), layer.across.start(tile.column))
  let (rows, columns) = (layer.down.outputs(of: tile.row), layer.across.outputs(of: tile.column))
  forEachConstant(4) { column in
    guard column < columns else { return }
    let outputs = WinogradUnitStride.outputs(narrow: narrow, factors) { sums[$0 &* 16 &+ column] }
    forEachConstant(4) { row in
      guard row < rows else { return }
      output.store(
        biased: csimd_float_from_64ths(outputs[unchecked: row] &* factors.inverse(row: row, column: column)),
        isLinear: isLinear, constants, block: block, row: firstRow &+ row, column: firstColumn &+ column)
    }
  }
}
