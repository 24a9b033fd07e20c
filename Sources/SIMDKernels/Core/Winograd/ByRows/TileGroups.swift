#if arch(x86_64)
  /// The groups of a layer's tiles: up to four neighbours that are multiplied at the same points. Where there is one tile of
  /// each kind, as for 7 × 7 outputs, all four are a group.
  @usableFromInline
  struct TileGroups {
    @usableFromInline let down, across: WinogradTiling

    @inlinable @inline(__always)
    init(_ layer: WinogradLayer) { (down, across) = (layer.down, layer.across) }

    @inlinable @inline(__always)
    var isMixed: Bool { down.count == 2 && down.wholeTiles == 1 && across.count == 2 && across.wholeTiles == 1 }

    @inlinable
    var count: Int { isMixed ? 1 : groups(lacksRow: false) &+ groups(lacksRow: true) }

    /// Rows of points of all groups.
    @inlinable
    var rows: Int { isMixed ? 6 : 6 &* groups(lacksRow: false) &+ 5 &* groups(lacksRow: true) }

    @inlinable
    func groups(lacksRow: Bool) -> Int {
      let rows = lacksRow ? down.count &- down.wholeTiles : down.wholeTiles
      return (rows &* across.wholeTiles &+ 3) / 4 &+ (rows &* (across.count &- across.wholeTiles) &+ 3) / 4
    }

    /// Writes all `count` groups.
    @inlinable
    func write(to output: UnsafeMutablePointer<TileGroup>) {
      var output = output
      let (wholeDown, narrowDown) = (0..<down.wholeTiles, down.wholeTiles..<down.count)
      let (wholeAcross, narrowAcross) = (0..<across.wholeTiles, across.wholeTiles..<across.count)
      if isMixed {
        write(0..<2, 0..<2, .mixed, to: &output)
        return
      }
      write(wholeDown, wholeAcross, .whole, to: &output)
      write(wholeDown, narrowAcross, .narrow, to: &output)
      write(narrowDown, wholeAcross, .whole, lacksRow: true, to: &output)
      write(narrowDown, narrowAcross, .narrow, lacksRow: true, to: &output)
    }

    /// The tiles of some rows and columns, counted row by row.
    @inlinable
    func write(
      _ rows: Range<Int>, _ columns: Range<Int>, _ shape: TileGroup.Shape, lacksRow: Bool = false,
      to output: inout UnsafeMutablePointer<TileGroup>
    ) {
      let count = rows.count &* columns.count
      var first = 0
      while first < count {
        let tiles = min(count &- first, 4)
        output.initialize(
          to: TileGroup(
            shape: shape, lacksRow: lacksRow, tiles: tiles,
            places: InlineArray { place in
              let tile = first &+ min(place, tiles &- 1)
              return WinogradTile(
                down, across, row: rows.lowerBound &+ tile / columns.count,
                column: columns.lowerBound &+ tile % columns.count)
            }))
        output += 1
        first &+= 4
      }
    }
  }

  /// Up to four tiles that are multiplied together.
  @usableFromInline
  struct TileGroup: BitwiseCopyable {
    @usableFromInline
    enum Shape: BitwiseCopyable {
      /// Tiles that all have four outputs across, or all three.
      case whole, narrow
      /// Tiles of which every second has three outputs across, and the last two have three down.
      case mixed
    }

    @usableFromInline let shape: Shape
    /// Whether all have three outputs down, and so lack a row of points.
    @usableFromInline let lacksRow: Bool
    @usableFromInline let tiles: Int
    @usableFromInline let places: InlineArray<4, WinogradTile>

    @inlinable @inline(__always)
    init(shape: Shape, lacksRow: Bool, tiles: Int, places: InlineArray<4, WinogradTile>) {
      (self.shape, self.lacksRow, self.tiles, self.places) = (shape, lacksRow, tiles, places)
    }
  }
#endif
