/// How a table's interleaved convolutions lay out their scratch memory.
public struct Interleaving: Sendable {
  @usableFromInline let stepBytes: Int
  @usableFromInline let pixelsPerPlace: Int
  @usableFromInline let tilePlaces: Int
  /// A block's weights are brought into another order on the way.
  @usableFromInline let reorders: Bool

  @inlinable @inline(__always)
  init<Arithmetic: InterleavedArithmetic, let groups: Int>(
    _: Arithmetic.Type, reading order: PackedOrder, tile: Tile<groups, 1>
  ) {
    stepBytes = Arithmetic.stepBytes
    pixelsPerPlace = Arithmetic.pixelsPerAccumulator
    tilePlaces = groups
    reorders = order != Arithmetic.stepOrder
  }

  /// Of int16, one value at a time.
  @inlinable @inline(__always)
  init<Arithmetic: InterleavedInt16Arithmetic, let groups: Int>(_: Arithmetic.Type, tile: Tile<groups, 1>) {
    stepBytes = 2
    pixelsPerPlace = 1
    tilePlaces = groups
    reorders = true
  }

  /// Bytes, aligned to 64, for slices of up to so many pixels.
  @inlinable
  public func scratchBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int {
    let layout = layout(layer, pixels: pixels)
    return weightBytes(layer) &+ sumBytes(layout) &+ layout.byteCount
  }

  @inlinable @inline(__always)
  func layout(_ layer: ConvolutionLayer, pixels: Int) -> InterleavedPixels {
    InterleavedPixels(layer, pixels: pixels, stepBytes: stepBytes, pixelsPerPlace: pixelsPerPlace)
  }
  @inlinable @inline(__always)
  func weightBytes(_ layer: ConvolutionLayer) -> Int { reorders ? layer.blockBytes : 0 }
  /// Sums of one pixel of each place, and of those that the last tile has too many.
  @inlinable @inline(__always)
  func laneBytes(_ layout: InterleavedPixels) -> Int { (layout.places &+ tilePlaces) &* 64 }
  @inlinable @inline(__always)
  func sumBytes(_ layout: InterleavedPixels) -> Int { pixelsPerPlace &* laneBytes(layout) }
}
