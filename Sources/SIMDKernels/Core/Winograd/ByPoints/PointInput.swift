import CSIMD

/// `Dot` says how the input is stored, and which instruction set the code is for.
@inlinable @inline(never)
func transformPointInput<Dot: Int8DotProducts, Form: WinogradForm>(
  _: Dot.Type, _: Form.Type, _ input: TransformedInput
) {
  // [place][place], transformed in one direction: they do not fit the registers.
  var memory = InlineArray<81, SIMD16<Int16>>(repeating: SIMD16())
  withUnsafeMutableBytes(of: &memory) { memory in
    guard let between = memory.baseAddress else { return }
    transformPointInput(Dot.self, Form.self, input, between)
  }
}

@inlinable @inline(__always)
func transformPointInput<Dot: Int8DotProducts, Form: WinogradForm>(
  _: Dot.Type, _: Form.Type, _ input: TransformedInput, _ between: UnsafeMutableRawPointer
) {
  let layer = input.layer
  for index in 0..<layer.tiles {
    let (row, column) = layer.position(index)
    let tile = WinogradTileInput(layer, Form.self, WinogradTile(layer.down, layer.across, row: row, column: column))
    var channel = 0
    repeat {
      if tile.isNarrowDown {
        transformPointColumns(
          Dot.self, Form.self, layer, tile, channel: channel, narrow: true, Dot.widened, between)
      } else {
        transformPointColumns(
          Dot.self, Form.self, layer, tile, channel: channel, narrow: false, Dot.widened, between)
      }
      let output = input.base + (channel &* layer.tiles &+ index &* 16) &* 2
      if tile.isNarrowAcross {
        transformPointRows(Dot.self, Form.self, between, output, input.pointBytes, narrow: true)
      } else {
        transformPointRows(Dot.self, Form.self, between, output, input.pointBytes, narrow: false)
      }
      channel &+= 16
    } while channel < layer.channels
  }
}

/// The rows and columns of a tile's input.
@usableFromInline
struct WinogradTileInput {
  @usableFromInline let rows: InlineArray<9, UnsafePointer<Int8>>
  /// Past the last column, the last one stands in for those that are not there.
  @usableFromInline let firstOffset, lastOffset: Int
  @usableFromInline let isNarrowDown, isNarrowAcross: Bool

  // Outputs inside the image do not depend on what stands in for rows and columns outside.
  @inlinable @inline(__always)
  init<Form: WinogradForm>(_ layer: WinogradLayer, _: Form.Type, _ tile: WinogradTile) {
    let lastRow = (layer.outputHeight &- 1) &* Form.stride &+ 2
    rows = InlineArray { layer.input + min(tile.row &* Form.stride &+ $0, lastRow) &* layer.rowBytes }
    firstOffset = tile.column &* Form.stride &* layer.channels
    lastOffset = ((layer.outputWidth &- 1) &* Form.stride &+ 2) &* layer.channels
    (isNarrowDown, isNarrowAcross) = (tile.isNarrowDown, tile.isNarrowAcross)
  }
}

/// - Parameter widened: the input values of 16 channels, widened.
@inlinable @inline(__always)
func transformPointColumns<Dot: Int8DotProducts, Form: WinogradForm>(
  _: Dot.Type, _: Form.Type, _ layer: WinogradLayer, _ tile: WinogradTileInput, channel: Int, narrow: Bool,
  _ widened: (SIMD16<Int8>) -> SIMD16<Int16>, _ between: UnsafeMutableRawPointer
) {
  let factors = WinogradInputFactors()
  let last = tile.lastOffset &+ channel
  var offset = tile.firstOffset &+ channel
  var target = between
  for _ in 0..<Form.places {
    Form.transformInput(narrow: narrow, factors) { row in
      widened(load(tile.rows[unchecked: row] + offset))
    } _: { row, value in
      (target + row &* Form.places &* 32).storeBytes(of: value, as: SIMD16<Int16>.self)
    }
    offset = min(offset &+ layer.channels, last)
    target += 32
  }
}

@inlinable @inline(__always)
func transformPointRows<Dot: Int8DotProducts, Form: WinogradForm>(
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
