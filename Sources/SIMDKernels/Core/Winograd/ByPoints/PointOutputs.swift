import CSIMD

/// The outputs of one tile, from its products, in whose place the sums come. `Products` says which instruction set
/// the code is for.
@inlinable @inline(__always)
func storePointOutputs<Products: TransformedProducts, Form: WinogradForm, Output: RequantisedOutput>(
  _: Products.Type, _: Form.Type, _ products: UnsafeMutablePointer<SIMD16<Int32>>,
  _ layer: WinogradLayer, _ output: Output, _ constants: Output.Constants, block: Int, tile: Int
) {
  let pointStride = PointScratch.largestChunk
  let (down, across) = (layer.down, layer.across)
  let (tileRow, tileColumn) = layer.position(tile)
  transformPointProducts(
    Products.self, Form.self, products, pointStride: pointStride, bias: output.requantisation.bias + block &* 16,
    narrowRows: down.isNarrow(tileRow),
    narrowColumns: across.isNarrow(tileColumn))
  let position = (tileRow, tileColumn)
  if output.requantisation.isLinear {
    storePointSums(
      Products.self, products, pointStride: pointStride, layer, output, constants, isLinear: true, block: block,
      tile: position)
  } else {
    storePointSums(
      Products.self, products, pointStride: pointStride, layer, output, constants, isLinear: false, block: block,
      tile: position)
  }
}

@inlinable @inline(__always)
func storePointSums<Products: TransformedProducts, Output: RequantisedOutput>(
  _: Products.Type, _ sums: UnsafePointer<SIMD16<Int32>>, pointStride: Int, _ layer: WinogradLayer, _ output: Output,
  _ constants: Output.Constants, isLinear: Bool, block: Int, tile: (row: Int, column: Int)
) {
  let (firstRow, firstColumn) = (layer.down.start(tile.row), layer.across.start(tile.column))
  for row in 0..<layer.down.outputs(of: tile.row) {
    for column in 0..<layer.across.outputs(of: tile.column) {
      output.store(
        biased: csimd_float_from_64ths(sums[(row &* 4 &+ column) &* pointStride]), isLinear: isLinear, constants,
        block: block, row: firstRow &+ row, column: firstColumn &+ column)
    }
  }
}

/// The products of a tile → 64 · (sum + bias) of its outputs, [4][4], at the places of the first points.
@inlinable @inline(__always)
func transformPointProducts<Products: TransformedProducts, Form: WinogradForm>(
  _: Products.Type, _: Form.Type, _ products: UnsafeMutablePointer<SIMD16<Int32>>, pointStride: Int,
  bias: UnsafePointer<Int32>,
  narrowRows: Bool, narrowColumns: Bool
) {
  // Four times the same, each without branches.
  switch (narrowRows, narrowColumns) {
  case (false, false):
    transformPointProductsOfTile(
      Products.self, Form.self, products, pointStride: pointStride, bias: bias, narrowRows: false, narrowColumns: false)
  case (false, true):
    transformPointProductsOfTile(
      Products.self, Form.self, products, pointStride: pointStride, bias: bias, narrowRows: false, narrowColumns: true)
  case (true, false):
    transformPointProductsOfTile(
      Products.self, Form.self, products, pointStride: pointStride, bias: bias, narrowRows: true, narrowColumns: false)
  case (true, true):
    transformPointProductsOfTile(
      Products.self, Form.self, products, pointStride: pointStride, bias: bias, narrowRows: true, narrowColumns: true)
  }
}

@inlinable @inline(__always)
func transformPointProductsOfTile<Products: TransformedProducts, Form: WinogradForm>(
  _: Products.Type, _: Form.Type, _ products: UnsafeMutablePointer<SIMD16<Int32>>, pointStride: Int,
  bias: UnsafePointer<Int32>, narrowRows: Bool, narrowColumns: Bool
) {
  let factors = WinogradFactors()
  var product = UnsafeMutableRawPointer(products)
  var bias = UnsafeRawPointer(bias)
  let pointBytes = pointStride &* 64
  for _ in 0..<16 / WinogradSums.scalarCount {
    let address = { (row: Int, column: Int) in product + (row &* Form.places &+ column) &* pointBytes }
    let transformedColumn = { (column: Int) in
      Form.outputs(narrow: narrowRows, factors) { row in
        let product = address(row, column).load(as: WinogradSums.self)
        guard row == 1 && column == 1 else { return product }
        // Every output has a sixteenth of 576 times the product of point 1, which thus brings the bias to all.
        return product &+ bias.loadUnaligned(as: WinogradSums.self) &* WinogradSums(repeating: 36)
      }
    }
    let storeRow = { (row: Int, column: (Int) -> WinogradSums) in
      let sums = Form.outputs(narrow: narrowColumns, factors, column)
      forEachConstant(4) { column in
        guard column < 3 || !narrowColumns else { return }
        (product + (row &* 4 &+ column) &* pointBytes).storeBytes(
          of: sums[unchecked: column] &* factors.inverse(row: row, column: column), as: WinogradSums.self)
      }
    }
    if Form.places == 6 {
      let columns = SixColumns(
        transformedColumn(0), transformedColumn(1), transformedColumn(2), transformedColumn(3),
        narrowColumns ? InlineArray(repeating: WinogradSums()) : transformedColumn(4), transformedColumn(5))
      forEachConstant(4) { row in
        guard row < 3 || !narrowRows else { return }
        storeRow(row) { columns.row(row)[unchecked: $0] }
      }
    } else {
      // Nine columns do not fit the registers.
      for column in 0..<Form.places where !(narrowColumns && Form.narrowLacks(column)) {
        let transformed = transformedColumn(column)
        forEachConstant(4) { address($0, column).storeBytes(of: transformed[unchecked: $0], as: WinogradSums.self) }
      }
      forEachConstant(4) { row in
        guard row < 3 || !narrowRows else { return }
        storeRow(row) { address(row, $0).load(as: WinogradSums.self) }
      }
    }
    product += MemoryLayout<WinogradSums>.size
    bias += MemoryLayout<WinogradSums>.size
  }
}
