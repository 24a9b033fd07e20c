/// The scratch memory of an interleaved convolution: the slice's regions, a block's weights where they need another
/// order, a block's sums, and the copied pixels of one region after those of another.
public struct InterleavedScratch: Sendable {
  @usableFromInline let stepBytes: Int
  @usableFromInline let pixelsPerPlace: Int
  @usableFromInline let tilePlaces: Int
  /// A block's weights are brought into another order on the way.
  @usableFromInline let reorders: Bool

  @inlinable @inline(__always)
  init<Products: InterleavedInt8Products, let groups: Int>(
    _: Products.Type, reading order: PackedOrder, tile: Tile<groups, 1>
  ) {
    stepBytes = Products.stepBytes
    pixelsPerPlace = Products.pixelsPerAccumulator
    tilePlaces = groups
    reorders = order != Products.stepOrder
  }

  /// The layout for pixels of int16, one value at a time.
  @inlinable @inline(__always)
  init<Products: InterleavedInt16Products, let groups: Int>(_: Products.Type, tile: Tile<groups, 1>) {
    stepBytes = 2
    pixelsPerPlace = 1
    tilePlaces = groups
    reorders = true
  }

  /// The bytes of scratch memory, aligned to 64, for slices of up to so many pixels.
  @inlinable
  public func scratchBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int {
    let whole = layout(layer, pixels: pixels)
    var pixelBytes = whole.byteCount
    if let border = layer.border, pixels % layer.outputWidth == 0 {
      // Of rows at the top, in the middle or at the bottom.
      let all = border.outputHeight &* layer.outputWidth
      for first in [0, layer.outputWidth, all &- pixels] where first &+ pixels <= all {
        pixelBytes = max(pixelBytes, regionBytes(layer, pixels: first..<first &+ pixels))
      }
    }
    return regionListBytes &+ weightBytes(layer) &+ sumBytes(whole) &+ pixelBytes
  }

  @inlinable
  func regionBytes(_ layer: ConvolutionLayer, pixels: Range<Int>) -> Int {
    var bytes = 0
    for index in 0..<ConvolutionRegion.most {
      if let region = ConvolutionRegion(index, of: layer, pixels: pixels) {
        bytes &+= layout(region.layer, pixels: region.pixels.count).byteCount
      }
    }
    return bytes
  }

  @inlinable @inline(__always)
  func layout(_ layer: ConvolutionLayer, pixels: Int) -> InterleavedPixels {
    InterleavedPixels(layer, pixels: pixels, stepBytes: stepBytes, pixelsPerPlace: pixelsPerPlace)
  }
  @inlinable @inline(__always)
  var regionListBytes: Int { (ConvolutionRegion.most &* MemoryLayout<CopiedRegion>.stride &+ 63) / 64 &* 64 }
  @inlinable @inline(__always)
  func weightBytes(_ layer: ConvolutionLayer) -> Int { reorders ? layer.blockBytes : 0 }
  /// Sums of one pixel of each place, and of those that the last tile has too many.
  @inlinable @inline(__always)
  func laneBytes(_ layout: InterleavedPixels) -> Int { (layout.places &+ tilePlaces) &* 64 }
  @inlinable @inline(__always)
  func sumBytes(_ layout: InterleavedPixels) -> Int { pixelsPerPlace &* laneBytes(layout) }
}

/// A region and the copies of its pixels.
@usableFromInline
struct CopiedRegion {
  @usableFromInline let region: ConvolutionRegion
  @usableFromInline let layout: InterleavedPixels
  @usableFromInline let copies: UnsafeMutableRawPointer

  @inlinable @inline(__always)
  init(region: ConvolutionRegion, layout: InterleavedPixels, copies: UnsafeMutableRawPointer) {
    (self.region, self.layout, self.copies) = (region, layout, copies)
  }
}
