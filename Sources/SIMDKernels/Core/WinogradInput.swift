import CSIMD

/// Brings a range of tiles into `transformed`.
///
/// `Dot` says how the input is stored, and which instruction set the code is for.
@inlinable @inline(__always)
func transformInput<Dot: Int8Arithmetic>(_: Dot.Type, _ layer: WinogradLayer, tiles: Range<Int>) {
  if layer.stride == 1 {
    transformInput(Dot.self, WinogradUnitStride.self, layer, tiles: tiles)
  } else {
    transformInput(Dot.self, WinogradStrideTwo.self, layer, tiles: tiles)
  }
}

@inlinable @inline(__always)
func transformInput<Dot: Int8Arithmetic, Form: WinogradForm>(
  _: Dot.Type, _: Form.Type, _ layer: WinogradLayer, tiles: Range<Int>
) {
  // [place][place], transformed in one direction: they do not fit the registers.
  var memory = InlineArray<81, SIMD16<Int16>>(repeating: SIMD16())
  withUnsafeMutableBytes(of: &memory) { memory in
    guard let between = memory.baseAddress else { return }
    transformInput(Dot.self, Form.self, layer, tiles: tiles, between)
  }
}

@inlinable @inline(__always)
func transformInput<Dot: Int8Arithmetic, Form: WinogradForm>(
  _: Dot.Type, _: Form.Type, _ layer: WinogradLayer, tiles: Range<Int>, _ between: UnsafeMutableRawPointer
) {
  let lastRow = (layer.outputHeight &- 1) &* Form.stride &+ 2
  let (down, across) = (layer.down, layer.across)
  for tile in tiles {
    let (tileRow, tileColumn) = layer.position(tile)
    // Outputs inside the image do not depend on what stands in for rows and columns behind it.
    let rows = InlineArray<9, UnsafePointer<Int8>> {
      layer.input + min(down.start(tileRow) &* Form.stride &+ $0, lastRow) &* layer.rowBytes
    }
    let firstColumn = across.start(tileColumn) &* Form.stride
    let (narrowRows, narrowColumns) = (down.isNarrow(tileRow), across.isNarrow(tileColumn))
    var channel = 0
    repeat {
      if narrowRows {
        transformColumns(
          Dot.self, Form.self, layer, rows, firstColumn: firstColumn, channel: channel, narrow: true, between)
      } else {
        transformColumns(
          Dot.self, Form.self, layer, rows, firstColumn: firstColumn, channel: channel, narrow: false, between)
      }
      let output = UnsafeMutableRawPointer(layer.transformed + (channel &* layer.tiles &+ tile &* 16))
      if narrowColumns {
        transformRows(Dot.self, Form.self, between, output, layer.transformedStride &* 2, narrow: true)
      } else {
        transformRows(Dot.self, Form.self, between, output, layer.transformedStride &* 2, narrow: false)
      }
      channel &+= 16
    } while channel < layer.channels
  }
}

@inlinable @inline(__always)
func transformColumns<Dot: Int8Arithmetic, Form: WinogradForm>(
  _: Dot.Type, _: Form.Type, _ layer: WinogradLayer, _ rows: InlineArray<9, UnsafePointer<Int8>>, firstColumn: Int,
  channel: Int, narrow: Bool, _ between: UnsafeMutableRawPointer
) {
  let factors = WinogradInputFactors()
  // Behind the last column it stands for those that are not there, too.
  let most = (layer.outputWidth &- 1) &* Form.stride &+ 2
  let last = most &* layer.channels &+ channel
  var offset = firstColumn &* layer.channels &+ channel
  var target = between
  for _ in 0..<Form.places {
    Form.transformInput(narrow: narrow, factors) { row in
      csimd_widen_i8_to_i16(load(rows[unchecked: row] + offset) ^ SIMD16(repeating: Dot.pixelFlip))
    } _: { row, value in
      (target + row &* Form.places &* 32).storeBytes(of: value, as: SIMD16<Int16>.self)
    }
    offset = min(offset &+ layer.channels, last)
    target += 32
  }
}

@inlinable @inline(__always)
func transformRows<Dot: Int8Arithmetic, Form: WinogradForm>(
  _: Dot.Type, _: Form.Type, _ between: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer, _ pointBytes: Int,
  narrow: Bool
) {
  let factors = WinogradInputFactors()
  var (output, row) = (output, between)
  for _ in 0..<Form.places {
    Form.transformInput(narrow: narrow, factors) { column in
      (row + column &* 32).load(as: SIMD16<Int16>.self)
    } _: { _, value in
      csimd_store_16_shorts(output, value)
      output = csimd_opaque_pointer(output + pointBytes)
    }
    row += Form.places &* 32
  }
}
