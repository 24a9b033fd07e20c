import CSIMD

/// `Dot` says how the input is stored, and which instruction set the code is for.
@inlinable @inline(__always)
func transformInput<Dot: Int8Arithmetic, Form: WinogradForm>(
  _: Dot.Type, _: Form.Type, _ input: TransformedInput
) {
  // [place][place], transformed in one direction: they do not fit the registers.
  var memory = InlineArray<81, SIMD16<Int16>>(repeating: SIMD16())
  withUnsafeMutableBytes(of: &memory) { memory in
    guard let between = memory.baseAddress else { return }
    transformInput(Dot.self, Form.self, input, between)
  }
}

@inlinable @inline(__always)
func transformInput<Dot: Int8Arithmetic, Form: WinogradForm>(
  _: Dot.Type, _: Form.Type, _ input: TransformedInput, _ between: UnsafeMutableRawPointer
) {
  let layer = input.layer
  for index in 0..<layer.tiles {
    let tile = WinogradTileInput(layer, Form.self, layer.position(index))
    var channel = 0
    repeat {
      if tile.narrowRows {
        transformColumns(
          Dot.self, Form.self, layer, tile, channel: channel, narrow: true, csimd_widen_i8_to_i16, between)
      } else {
        transformColumns(
          Dot.self, Form.self, layer, tile, channel: channel, narrow: false, csimd_widen_i8_to_i16, between)
      }
      let output = input.base + (channel &* layer.tiles &+ index &* 16) &* 2
      if tile.narrowColumns {
        transformRows(Dot.self, Form.self, between, output, input.pointBytes, narrow: true)
      } else {
        transformRows(Dot.self, Form.self, between, output, input.pointBytes, narrow: false)
      }
      channel &+= 16
    } while channel < layer.channels
  }
}

/// Where the input of a tile is.
@usableFromInline
struct WinogradTileInput {
  @usableFromInline let rows: InlineArray<9, UnsafePointer<Int8>>
  @usableFromInline let firstColumn: Int
  @usableFromInline let narrowRows, narrowColumns: Bool

  @inlinable @inline(__always)
  init<Form: WinogradForm>(_ layer: WinogradLayer, _: Form.Type, _ position: (row: Int, column: Int)) {
    let (down, across) = (layer.down, layer.across)
    let lastRow = (layer.outputHeight &- 1) &* Form.stride &+ 2
    // Outputs inside the image do not depend on what stands in for rows and columns behind it.
    rows = InlineArray {
      layer.input + min(down.start(position.row) &* Form.stride &+ $0, lastRow) &* layer.rowBytes
    }
    firstColumn = across.start(position.column) &* Form.stride
    (narrowRows, narrowColumns) = (down.isNarrow(position.row), across.isNarrow(position.column))
  }
}

/// - Parameter read: widens 16 channels of a pixel.
@inlinable @inline(__always)
func transformColumns<Dot: Int8Arithmetic, Form: WinogradForm>(
  _: Dot.Type, _: Form.Type, _ layer: WinogradLayer, _ tile: WinogradTileInput, channel: Int, narrow: Bool,
  _ read: (SIMD16<Int8>) -> SIMD16<Int16>, _ between: UnsafeMutableRawPointer
) {
  let factors = WinogradInputFactors()
  // Behind the last column it stands for those that are not there, too.
  let most = (layer.outputWidth &- 1) &* Form.stride &+ 2
  let last = most &* layer.channels &+ channel
  var offset = tile.firstColumn &* layer.channels &+ channel
  var target = between
  for _ in 0..<Form.places {
    Form.transformInput(narrow: narrow, factors) { row in
      read(load(tile.rows[unchecked: row] + offset) ^ SIMD16(repeating: Dot.pixelFlip))
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
