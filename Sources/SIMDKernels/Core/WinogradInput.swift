import CSIMD

/// Brings a range of tiles into `transformed`.
///
/// - Parameter flip: what the input's bytes are XORed with.
@inlinable @inline(__always)
func transformInput(_ layer: WinogradLayer, flip: Int8, tiles: Range<Int>) {
  if layer.stride == 1 {
    transformInput(WinogradUnitStride.self, layer, flip: flip, tiles: tiles)
  } else {
    transformInput(WinogradStrideTwo.self, layer, flip: flip, tiles: tiles)
  }
}

@inlinable @inline(__always)
func transformInput<Form: WinogradForm>(_: Form.Type, _ layer: WinogradLayer, flip: Int8, tiles: Range<Int>) {
  // [place][place], transformed in one direction: they do not fit the registers.
  var memory = InlineArray<81, SIMD16<Int16>>(repeating: SIMD16())
  withUnsafeMutableBytes(of: &memory) { memory in
    guard let between = memory.baseAddress else { return }
    transformInput(Form.self, layer, flip: flip, tiles: tiles, between)
  }
}

@inlinable @inline(__always)
func transformInput<Form: WinogradForm>(
  _: Form.Type, _ layer: WinogradLayer, flip: Int8, tiles: Range<Int>, _ between: UnsafeMutableRawPointer
) {
  let lastRow = (layer.outputHeight &- 1) &* Form.stride &+ 2
  let lastColumn = (layer.outputWidth &- 1) &* Form.stride &+ 2
  let (down, across) = (layer.down, layer.across)
  for tile in tiles {
    let (tileRow, tileColumn) = layer.position(tile)
    // Outputs inside the image do not depend on what stands in for rows and columns behind it.
    let rows = InlineArray<9, UnsafePointer<Int8>> {
      layer.input + min(down.start(tileRow) &* Form.stride &+ $0, lastRow) &* layer.rowBytes
    }
    let columns = InlineArray<9, Int> {
      min(across.start(tileColumn) &* Form.stride &+ $0, lastColumn) &* layer.channels
    }
    let (narrowRows, narrowColumns) = (down.isNarrow(tileRow), across.isNarrow(tileColumn))
    var channel = 0
    repeat {
      if narrowRows {
        transformColumns(Form.self, rows, columns, channel, flip: flip, narrow: true, between)
      } else {
        transformColumns(Form.self, rows, columns, channel, flip: flip, narrow: false, between)
      }
      let output = UnsafeMutableRawPointer(layer.transformed + (tile &* layer.channels &+ channel))
      if narrowColumns {
        transformRows(Form.self, between, output, layer.transformedStride &* 2, narrow: true)
      } else {
        transformRows(Form.self, between, output, layer.transformedStride &* 2, narrow: false)
      }
      channel &+= 16
    } while channel < layer.channels
  }
}

@inlinable @inline(__always)
func transformColumns<Form: WinogradForm>(
  _: Form.Type, _ rows: InlineArray<9, UnsafePointer<Int8>>, _ columns: InlineArray<9, Int>, _ channel: Int, flip: Int8,
  narrow: Bool, _ between: UnsafeMutableRawPointer
) {
  let four = csimd_opaque_i16(SIMD16(repeating: 4))
  for column in 0..<Form.places {
    let offset = columns[unchecked: column] &+ channel
    Form.transformInput(narrow: narrow, four: four) { row in
      csimd_widen_i8_to_i16(load(rows[unchecked: row] + offset) ^ SIMD16(repeating: flip))
    } _: { row, value in
      (between + (row &* Form.places &+ column) &* 32).storeBytes(of: value, as: SIMD16<Int16>.self)
    }
  }
}

@inlinable @inline(__always)
func transformRows<Form: WinogradForm>(
  _: Form.Type, _ between: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer, _ pointBytes: Int,
  narrow: Bool
) {
  let four = csimd_opaque_i16(SIMD16(repeating: 4))
  var output = output
  for row in 0..<Form.places {
    Form.transformInput(narrow: narrow, four: four) { column in
      (between + (row &* Form.places &+ column) &* 32).load(as: SIMD16<Int16>.self)
    } _: { _, value in
      csimd_store_16_shorts(output, value)
      output += pointBytes
    }
  }
}
