/// The windows of a slice's pixels, copied so that those of a register tile lie side by side:
/// [phase][step of a kernel row][place][pixel of the place][bytes of a step].
///
/// A *place* holds as many pixels as one instruction multiplies: one, or two that are half the slice apart. Pixels are
/// counted row by row, and a kernel row of each window is copied as a whole: the places of neighbouring pixels are
/// neighbours even across the ends of rows, and the next row of all windows is `outputWidth` places further on. With a
/// stride of s rows there are s *phases*: kernel row r is in phase r % s, r / s output rows further on.
public struct InterleavedPixels {
  /// The number of places that the slice's pixels take.
  @usableFromInline let places: Int
  @usableFromInline let placeBytes: Int
  @usableFromInline let phases: Int
  /// The distance from the places of one step to those of the next, in bytes.
  @usableFromInline let stepStride: Int
  @usableFromInline let phaseStride: Int
  /// The distance from a place to the one of the pixel below, in bytes.
  @usableFromInline let rowStride: Int

  /// - Parameters:
  ///   - pixels: of the slice.
  ///   - stepBytes: bytes of a pixel that one step multiplies.
  ///   - pixelsPerPlace: 1 or 2.
  @inlinable
  init(_ layer: ConvolutionLayer, pixels: Int, stepBytes: Int, pixelsPerPlace: Int) {
    places = (pixels &+ pixelsPerPlace &- 1) / pixelsPerPlace
    placeBytes = stepBytes &* pixelsPerPlace
    phases = layer.windowRows == 1 ? 1 : min(layer.windowRows, layer.rowBytes / layer.windowRowBytes)
    rowStride = layer.outputWidth &* placeBytes
    // Copied four windows at a time. An odd number of cache lines: steps that are a power of 2 apart would share a few
    // sets of the cache.
    let stored = places &+ (layer.windowRows &- 1) / phases &* layer.outputWidth &+ 3
    stepStride = (stored &* placeBytes &+ 63) / 64 * 64 | 64
    phaseStride = layer.stepsPerRow &* 4 / stepBytes &* stepStride
  }

  /// The bytes of the copies, and of what a tile may read past them.
  @inlinable
  var byteCount: Int { phases &* phaseStride &+ 128 }
}

/// Copies the windows of a slice's pixels into `output`.
@inlinable @inline(__always)
func interleavePixels<Products: InterleavedInt8Products>(
  _: Products.Type, _ layer: ConvolutionLayer, pixels: Range<Int>, as layout: InterleavedPixels,
  to output: UnsafeMutableRawPointer
) {
  let perPlace = Products.pixelsPerAccumulator
  for phase in 0..<layout.phases {
    let below = (layer.windowRows &- 1 &- phase) / layout.phases &* layer.outputWidth
    let last = pixels.upperBound &- 1 &+ below
    let input = layer.input + phase &* layer.windowRowBytes
    // Past the last window that one is copied again.
    let window = { (index: Int) in
      let pixel = min(index, last)
      let row = pixel / layer.outputWidth
      return input + (row &* layer.rowBytes &+ (pixel &- row &* layer.outputWidth) &* layer.pixelBytes)
    }
    var place = 0
    repeat {
      let first = pixels.lowerBound &+ place
      let (a, c) = (window(first), window(first &+ 4 / perPlace / 2))
      let (b, d) =
        perPlace == 1
        ? (window(first &+ 1), window(first &+ 3))
        : (window(first &+ layout.places), window(first &+ layout.places &+ 1))
      var target = output + (phase &* layout.phaseStride &+ place &* layout.placeBytes)
      var offset = 0
      repeat {
        let load = { (window: UnsafeRawPointer) in (window + offset).loadUnaligned(as: SIMD16<Int8>.self) }
        Products.interleave(load(a), load(b), load(c), load(d), to: target, stepStride: layout.stepStride)
        target += 16 / Products.stepBytes &* layout.stepStride
        offset &+= 16
      } while offset != layer.stepsPerRow &* 4
      place &+= 4 / perPlace
    } while place < layout.places &+ below
  }
}
