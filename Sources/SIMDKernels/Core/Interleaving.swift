/// How a table's interleaved convolutions lay out their scratch memory.
public struct Interleaving: Sendable {
  @usableFromInline let stepBytes: Int
  @usableFromInline let pixelsPerPlace: Int
  @usableFromInline let tilePlaces: Int
  /// A block's weights are brought into another order on the way.
  @usableFromInline let reorders: Bool
  /// int16 is multiplied byte by byte.
  @usableFromInline let isBytewise: Bool

  @inlinable @inline(__always)
  init<Arithmetic: InterleavedArithmetic, let groups: Int>(
    _: Arithmetic.Type, reading order: PackedOrder, tile: Tile<groups, 1>
  ) {
    stepBytes = Arithmetic.stepBytes
    pixelsPerPlace = Arithmetic.pixelsPerAccumulator
    tilePlaces = groups
    reorders = order != Arithmetic.stepOrder
    isBytewise = false
  }

  /// Of int16, one value at a time.
  @inlinable @inline(__always)
  init<Arithmetic: InterleavedInt16Arithmetic, let groups: Int>(_: Arithmetic.Type, tile: Tile<groups, 1>) {
    stepBytes = 2
    pixelsPerPlace = 1
    tilePlaces = groups
    reorders = true
    isBytewise = false
  }

  /// Of int16, byte by byte.
  @inlinable @inline(__always)
  init<Arithmetic: BytewiseArithmetic, let groups: Int>(bytewise: Arithmetic.Type, tile: Tile<groups, 1>) {
    stepBytes = Arithmetic.stepBytes
    pixelsPerPlace = Arithmetic.pixelsPerAccumulator
    tilePlaces = groups
    reorders = true
    isBytewise = true
  }

  /// Bytes, aligned to 64, for slices of up to so many pixels.
  @inlinable
  public func scratchBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int {
    if isBytewise { return bytewiseScratchBytes(layer, pixels: pixels) }
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

  @inlinable @inline(__always)
  func bytewiseScratchBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int {
    var bytes = layer
    if layer.is3x3OfImage {
      (bytes.windowRows, bytes.stepsPerRow) = (1, 8)
      let layout = self.layout(bytes, pixels: pixels)
      return 1024 &+ 9 &* 64 &+ 320 &+ sumBytes(layout) &+ 2 &* layout.byteCount &+ pixels &* 8
    }
    bytes.stepsPerRow /= 2
    let layout = self.layout(bytes, pixels: pixels)
    return layer.blockBytes &+ 320 &+ sumBytes(layout) &+ 4 &* layout.byteCount
  }
}
