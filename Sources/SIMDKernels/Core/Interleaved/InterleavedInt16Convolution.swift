extension ConvolutionLayer {
  /// The number of values of a kernel row that are multiplied.
  @inlinable @inline(__always)
  var int16RowValues: Int { fourthIsEmpty ? stepsPerRow / 2 &* 3 : stepsPerRow &* 2 }
}

/// A convolution of int16 that first copies the slice's pixels, so that a value of each of a tile's lies side by side;
/// one pixel alone is multiplied where it lies.
///
/// `directGroups` is the number of pixels of the register tile in which dot products alone are fastest.
public enum InterleavedInt16Convolution<Products: InterleavedInt16Products, let groups: Int, let directGroups: Int>:
  IntegerConvolutionWay
{
  @inlinable
  public static var name: String { "interleaved int16" }
  @inlinable @inline(__always)
  public static var cutting: ConvolutionCutting { .fewSlices }
  @inlinable
  public static func tilePixels(_ layer: ConvolutionLayer) -> Int { groups }
  @inlinable
  public static func scratchBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int {
    pixels > 1 ? InterleavedScratch(Products.self, tile: Tile<groups, 1>()).scratchBytes(layer, pixels: pixels) : 0
  }

  @inlinable @inline(__always)
  public static func convolve<Output: RequantisedOutput>(
    _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice
  ) {
    if let scratch = slice.scratch {
      convolveInterleavedInt16(Products.self, layer, output, slice, scratch: scratch, tile: Tile<groups, 1>())
    } else {
      convolveDirect(Products.self, layer, output, slice, tile: Tile<1, 1>())
    }
  }

  @inlinable @inline(__always)
  public static func repeatDots(rounds: Int) -> Int {
    repeatDotsOfTile(Products.self, rounds: rounds, tile: Tile<directGroups, 1>())
  }
}

/// Convolves a slice in scratch memory of `InterleavedScratch.scratchBytes`: a load of pixels is one value of each of a tile's pixels, and one of weights
/// that of 16 output channels.
@inlinable @inline(__always)
func convolveInterleavedInt16<
  Products: InterleavedInt16Products, Output: ConvolutionOutput, let groups: Int
>(
  _: Products.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, 1>
) where Output.Sum == Int32 {
  guard !slice.pixels.isEmpty else { return }
  let interleaving = InterleavedScratch(Products.self, tile: tile)
  let layout = interleaving.layout(layer, pixels: slice.pixels.count)
  let sums = scratch + interleaving.weightBytes(layer)
  let pixels = sums + interleaving.sumBytes(layout)
  interleaveInt16Pixels(Products.self, layer, pixels: slice.pixels, as: layout, to: pixels)
  for block in slice.blocks {
    separateInterleavedWeights(Products.self, layer, block: block, to: scratch)
    var place = 0
    while place < layout.places {
      let input = UnsafeRawPointer(pixels) + place &* layout.placeBytes
      if (layout.places &- place) &* 2 > groups {
        multiplyInterleavedInt16Tile(
          Products.self, layer, layout, pixels: input, weights: scratch, sums: sums + place &* 64, tile: tile)
        place &+= groups
      } else {
        multiplyInterleavedInt16Tile(
          Products.self, layer, layout, pixels: input, weights: scratch, sums: sums + place &* 64, tile: Tile<1, 1>())
        place &+= 1
      }
    }
    storeInterleavedInt16Sums(Products.self, sums, output, block: block, pixels: slice.pixels, width: layer.outputWidth)
  }
}

/// The sums of `groups` neighbouring pixels: the hot loop.
@inlinable @inline(__always)
func multiplyInterleavedInt16Tile<Products: InterleavedInt16Products, let groups: Int>(
  _: Products.Type, _ layer: ConvolutionLayer, _ layout: InterleavedPixels, pixels: UnsafeRawPointer,
  weights: UnsafeMutableRawPointer, sums: UnsafeMutableRawPointer, tile: Tile<groups, 1>
) {
  var accumulators = InlineArray<groups, Products.Accumulator>(repeating: Products.zero())
  var weights = UnsafeRawPointer(weights)
  var row = pixels
  var phase = 0
  var windowRow = 0
  repeat {
    var pixels = row
    var values = layer.int16RowValues
    while values >= 8 {
      forEachConstant(8) { _ in
        Products.multiplyValue(&accumulators, &pixels, valueStride: layout.stepStride, &weights)
      }
      values &-= 8
    }
    while values != 0 {
      Products.multiplyValue(&accumulators, &pixels, valueStride: layout.stepStride, &weights)
      values &-= 1
    }
    row += layout.phaseStride
    phase &+= 1
    if phase == layout.phases {
      phase = 0
      row += layout.rowStride &- layout.phases &* layout.phaseStride
    }
    windowRow &+= 1
  } while windowRow < layer.windowRows
  forEachConstant(groups) { group in
    (sums + group &* 64).storeBytes(
      of: Products.sums(accumulators[unchecked: group], pixel: 0), as: SIMD16<Int32>.self)
  }
}

/// Copies the windows of a slice's pixels into `output`.
@inlinable @inline(__always)
func interleaveInt16Pixels<Products: InterleavedInt16Products>(
  _: Products.Type, _ layer: ConvolutionLayer, pixels: Range<Int>, as layout: InterleavedPixels,
  to output: UnsafeMutableRawPointer
) {
  for phase in 0..<layout.phases {
    let below = (layer.windowRows &- 1 &- phase) / layout.phases &* layer.outputWidth
    var windows = WindowWalk(layer, pixels.lowerBound..<pixels.upperBound &+ below, phase: phase)
    var target = output + phase &* layout.phaseStride
    var places = layout.places &+ below
    repeat {
      let (a, b, c, d) = (windows.next(), windows.next(), windows.next(), windows.next())
      var value = target
      var offset = 0
      if layer.fourthIsEmpty {
        let load = { (window: UnsafeRawPointer) in (window + offset).loadUnaligned(as: SIMD4<Int16>.self) }
        repeat {
          Products.interleaveThree(load(a), load(b), load(c), load(d), to: value, valueStride: layout.stepStride)
          value += 3 &* layout.stepStride
          offset &+= 8
        } while offset != layer.stepsPerRow &* 4
      } else {
        let load = { (window: UnsafeRawPointer) in (window + offset).loadUnaligned(as: SIMD8<Int16>.self) }
        repeat {
          Products.interleave(load(a), load(b), load(c), load(d), to: value, valueStride: layout.stepStride)
          value += 8 &* layout.stepStride
          offset &+= 16
        } while offset != layer.stepsPerRow &* 4
      }
      target += 4 &* layout.placeBytes
      places &-= 4
    } while places > 0
  }
}

/// Stores what `output` makes of one block's sums, [pixel][16].
@inlinable @inline(__always)
func storeInterleavedInt16Sums<Products: InterleavedInt16Products, Output: ConvolutionOutput>(
  _: Products.Type, _ sums: UnsafeMutableRawPointer, _ output: Output, block: Int, pixels: Range<Int>, width: Int
) where Output.Sum == Int32 {
  let constants = output.constants(block: block)
  var sums = UnsafeRawPointer(sums)
  var pixel = pixels.lowerBound
  var row = pixel / width
  var column = pixel &- row &* width
  repeat {
    let end = min(pixel &+ width &- column, pixels.upperBound)
    var address = output.plane.pixel(row: row, column: column) + block &* Output.blockBytes
    repeat {
      output.store(sums.loadUnaligned(as: SIMD16<Int32>.self), constants, at: address)
      sums += 64
      address += output.plane.pixelBytes
      pixel &+= 1
    } while pixel < end
    column = 0
    row &+= 1
  } while pixel < pixels.upperBound
}
