import CSIMD

#if arch(x86_64)
  /// The transformed input, [group of tiles][6 rows][block of 16 input channels][6 columns][4 tiles][16], where the
  /// second and third of every four channels have changed places.
  @inlinable @inline(__always)
  func transformRowInput<Products: RowPairProducts>(
    _: Products.Type, _ layer: WinogradLayer, _ groups: UnsafeBufferPointer<TileGroup>, firstBlock: Int,
    to output: UnsafeMutableRawPointer
  ) {
    var output = output
    // Nobody else has asked for the weights that are needed first.
    var prefetch = WeightPrefetch(layer, block: firstBlock, steps: layer.tiles &* layer.channels / 16)
    for group in groups {
      // All tiles of 16 channels before the next: a cache line has those of two.
      for channel in stride(from: 0, to: layer.channels, by: 16) {
        for place in 0..<group.tiles {
          prefetch.fetch(steps: 1)
          let tile = group.places[unchecked: place]
          let target = output + (channel &* 48 &+ place &* 32)
          switch (tile.isNarrowDown, tile.isNarrowAcross) {
          case (false, false):
            transformRowTile(Products.self, layer, tile, channel: channel, to: target, NarrowSides<0, 0>())
          case (false, true):
            transformRowTile(Products.self, layer, tile, channel: channel, to: target, NarrowSides<0, 1>())
          case (true, false):
            transformRowTile(Products.self, layer, tile, channel: channel, to: target, NarrowSides<1, 0>())
          case (true, true):
            transformRowTile(Products.self, layer, tile, channel: channel, to: target, NarrowSides<1, 1>())
          }
        }
      }
      output += RowScratch(layer).groupBytes
    }
  }

  /// Whether a tile has three outputs (1) down or across, and not four (0).
  @usableFromInline
  struct NarrowSides<let down: Int, let across: Int> {
    @inlinable @inline(__always)
    init() {}
  }

  /// Transforms 16 channels of a tile.
  @inlinable @inline(never)
  func transformRowTile<Products: RowPairProducts, let down: Int, let across: Int>(
    _: Products.Type, _ layer: WinogradLayer, _ tile: WinogradTile, channel: Int, to output: UnsafeMutableRawPointer,
    _ sides: NarrowSides<down, across>
  ) {
    let factors = WinogradInputFactors()
    let pixels = TilePixels<Products, down>(layer, tile, channel: channel)
    let columns = SixColumns(
      pixels.column(0, factors), pixels.column(1, factors), pixels.column(2, factors), pixels.column(3, factors),
      pixels.column(4, factors), pixels.column(5, factors))
    let rowBytes = RowScratch(layer).rowBytes
    // One by one: a closure in a closure would not be inlined.
    storeRowPoints(Products.self, columns.row(0), factors, to: output, sides)
    storeRowPoints(Products.self, columns.row(1), factors, to: output + rowBytes, sides)
    storeRowPoints(Products.self, columns.row(2), factors, to: output + 2 &* rowBytes, sides)
    storeRowPoints(Products.self, columns.row(3), factors, to: output + 3 &* rowBytes, sides)
    if down == 0 { storeRowPoints(Products.self, columns.row(4), factors, to: output + 4 &* rowBytes, sides) }
    storeRowPoints(Products.self, columns.row(5), factors, to: output + 5 &* rowBytes, sides)
  }

  /// Stores the points of a row.
  @inlinable @inline(__always)
  func storeRowPoints<Products: RowPairProducts, let down: Int, let across: Int>(
    _: Products.Type, _ row: InlineArray<6, SIMD16<Int16>>, _ factors: WinogradInputFactors,
    to output: UnsafeMutableRawPointer, _: NarrowSides<down, across>
  ) {
    let points = across == 1 ? winogradNarrowInput(row) : winogradInput(row, factors)
    csimd_store_16_shorts(output, points[unchecked: 0])
    csimd_store_16_shorts(output + 128, points[unchecked: 1])
    csimd_store_16_shorts(output + 256, points[unchecked: 2])
    csimd_store_16_shorts(output + 384, points[unchecked: 3])
    if across == 0 { csimd_store_16_shorts(output + 512, points[unchecked: 4]) }
    csimd_store_16_shorts(output + 640, points[unchecked: 5])
  }

  /// The pixels of a tile. Outputs inside the image do not depend on what stands in for rows and columns outside.
  @usableFromInline
  struct TilePixels<Products: RowPairProducts, let down: Int> {
    @usableFromInline let a, b, c, d, e, f: UnsafePointer<Int8>
    @usableFromInline let firstColumn, lastColumn, channels: Int

    @inlinable @inline(__always)
    init(_ layer: WinogradLayer, _ tile: WinogradTile, channel: Int) {
      let (input, last) = (layer.input + channel, layer.outputHeight &+ 1)
      a = input + tile.row &* layer.rowBytes
      b = input + min(tile.row &+ 1, last) &* layer.rowBytes
      c = input + min(tile.row &+ 2, last) &* layer.rowBytes
      d = input + min(tile.row &+ 3, last) &* layer.rowBytes
      e = input + min(tile.row &+ 4, last) &* layer.rowBytes
      f = input + min(tile.row &+ 5, last) &* layer.rowBytes
      (firstColumn, lastColumn, channels) = (tile.column, layer.outputWidth &+ 1, layer.channels)
    }

    /// The transform, in one direction, of a column of the tile's pixels.
    @inlinable @inline(__always)
    func column(_ column: Int, _ factors: WinogradInputFactors) -> InlineArray<6, SIMD16<Int16>> {
      let offset = min(firstColumn &+ column, lastColumn) &* channels
      let values: InlineArray<6, SIMD16<Int16>> = [
        Products.widened(load(a + offset)), Products.widened(load(b + offset)),
        Products.widened(load(c + offset)), Products.widened(load(d + offset)),
        Products.widened(load(e + offset)), down == 1 ? SIMD16() : Products.widened(load(f + offset)),
      ]
      return down == 1 ? winogradNarrowInput(values) : winogradInput(values, factors)
    }
  }
#endif
