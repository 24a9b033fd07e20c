import CSIMD

/// A convolution of int8 that first copies the slice's pixels, so that a tile's lie side by side; one pixel alone is
/// multiplied where it lies. Products with a constant border are left out.
///
/// `readsEights` is 1 where the weights are in the order of eights.
public enum InterleavedInt8Convolution<Products: InterleavedInt8Products, let readsEights: Int, let groups: Int>:
  IntegerConvolutionWay
{
  @inlinable @inline(__always)
  static var order: PackedOrder { readsEights == 1 ? .eights : .fours }
  @inlinable @inline(__always)
  static var scratch: InterleavedScratch { InterleavedScratch(Products.self, reading: order, tile: Tile<groups, 1>()) }

  @inlinable
  public static var name: String { "interleaved int8" }
  @inlinable @inline(__always)
  public static var cutting: ConvolutionCutting { .fewSlices }
  /// The border's products are left out of whole rows only.
  @inlinable
  public static func tilePixels(_ layer: ConvolutionLayer) -> Int {
    layer.border == nil ? groups &* Products.pixelsPerAccumulator : layer.outputWidth
  }
  @inlinable
  public static func scratchBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int {
    pixels > 1 ? scratch.scratchBytes(layer, pixels: pixels) : 0
  }

  @inlinable @inline(__always)
  public static func convolve<Output: RequantisedOutput>(
    _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice
  ) {
    if let scratch = slice.scratch {
      convolveInterleavedInt8(
        Products.self, layer, output, slice, scratch: scratch, order: order, tile: Tile<groups, 1>())
    } else {
      convolveDirect(Products.self, layer, output, slice, tile: Tile<1, 1>())
    }
  }

  @inlinable @inline(__always)
  public static var leavesOutBorder: Bool { true }
  @inlinable @inline(__always)
  public static func fillBorderBiases(
    _ layer: ConvolutionLayer, pixel: UnsafePointer<Int8>, bias: UnsafePointer<Int32>, blocks: Int,
    to biases: UnsafeMutablePointer<Int32>
  ) {
    SIMDKernels.fillBorderBiases(Products.self, layer, pixel: pixel, bias: bias, blocks: blocks, to: biases)
  }

  @inlinable @inline(__always)
  public static func repeatDots(rounds: Int) -> Int {
    repeatDotsOfTile(Products.self, rounds: rounds, tile: Tile<groups, 1>())
  }
}

/// Convolves a slice in scratch memory of `InterleavedScratch.scratchBytes`.
///
/// - Parameter order: that of the layer's weights.
@inlinable @inline(__always)
func convolveInterleavedInt8<Products: InterleavedInt8Products, Output: RequantisedOutput, let groups: Int>(
  _: Products.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, order: PackedOrder, tile: Tile<groups, 1>
) {
  guard !slice.pixels.isEmpty else { return }
  let interleaving = InterleavedScratch(Products.self, reading: order, tile: tile)
  let regions = scratch.assumingMemoryBound(to: CopiedRegion.self)
  let reordered = scratch + interleaving.regionListBytes
  let sums = reordered + interleaving.weightBytes(layer)
  var copies = sums + interleaving.sumBytes(interleaving.layout(layer, pixels: slice.pixels.count))
  var count = 0
  for index in 0..<ConvolutionRegion.most {
    guard let region = ConvolutionRegion(index, of: layer, pixels: slice.pixels) else { continue }
    let layout = interleaving.layout(region.layer, pixels: region.pixels.count)
    (regions + count).initialize(to: CopiedRegion(region: region, layout: layout, copies: copies))
    interleavePixels(Products.self, region.layer, pixels: region.pixels, as: layout, to: copies)
    copies += layout.byteCount
    count &+= 1
  }
  for block in slice.blocks {
    var weights = layer.weights + block &* layer.blockBytes
    if interleaving.reorders {
      reorderInterleavedWeights(Products.self, weights, byteCount: layer.blockBytes, to: reordered)
      weights = UnsafeRawPointer(reordered)
    }
    for index in 0..<count {
      convolveInterleavedRegion(
        Products.self, regions + index, weights, output, block: block, sums: sums,
        laneBytes: interleaving.laneBytes(regions[index].layout), tile: tile)
    }
  }
}

/// Convolves one region of one block.
@inlinable @inline(__always)
func convolveInterleavedRegion<Products: InterleavedInt8Products, Output: RequantisedOutput, let groups: Int>(
  _: Products.Type, _ region: UnsafePointer<CopiedRegion>, _ weights: UnsafeRawPointer, _ output: Output, block: Int,
  sums: UnsafeMutableRawPointer, laneBytes: Int, tile: Tile<groups, 1>
) {
  let places = region.pointee.layout.places
  let placeBytes = region.pointee.layout.placeBytes
  let bias = (region.pointee.region.bias ?? output.requantisation.bias) + block &* 16
  let weights = weights + region.pointee.region.weightOffset
  var copies = UnsafeRawPointer(region.pointee.copies)
  var target = sums
  var rest = places
  repeat {
    let count: Int
    // A few small tiles take fewer instructions than one that has no use for the most of it.
    if rest &* 3 > groups &* 2 {
      multiplyInterleavedInt8Tile(
        Products.self, region, pixels: copies, weights: weights, bias: bias, sums: target, laneBytes: laneBytes,
        tile: tile)
      count = groups
    } else if rest > 1 {
      multiplyInterleavedInt8Tile(
        Products.self, region, pixels: copies, weights: weights, bias: bias, sums: target, laneBytes: laneBytes,
        tile: Tile<2, 1>())
      count = 2
    } else {
      multiplyInterleavedInt8Tile(
        Products.self, region, pixels: copies, weights: weights, bias: bias, sums: target, laneBytes: laneBytes,
        tile: Tile<1, 1>())
      count = 1
    }
    copies += count &* placeBytes
    target += count &* 64
    rest &-= count
  } while rest > 0
  let pixels = region.pointee.region.pixels
  let middle = pixels.lowerBound &+ places
  storeInterleavedInt8Sums(Products.self, sums, output, block: block, region, pixels: pixels.lowerBound..<middle)
  if middle < pixels.upperBound {
    storeInterleavedInt8Sums(
      Products.self, sums + laneBytes, output, block: block, region, pixels: middle..<pixels.upperBound)
  }
}

/// The sums of the pixels at `groups` places: the hot loop. Those of a place's second pixel go `laneBytes` further on.
@inlinable @inline(__always)
func multiplyInterleavedInt8Tile<Products: InterleavedInt8Products, let groups: Int>(
  _: Products.Type, _ region: UnsafePointer<CopiedRegion>, pixels: UnsafeRawPointer, weights: UnsafeRawPointer,
  bias: UnsafePointer<Int32>, sums: UnsafeMutableRawPointer, laneBytes: Int, tile: Tile<groups, 1>
) {
  let layout = region.pointee.layout
  let stepsPerRow = region.pointee.region.layer.stepsPerRow
  let (chunks, bytesAfter) = (stepsPerRow / 16, stepsPerRow % 16 &* 4)
  let weightGap = region.pointee.region.weightGap
  var accumulators = InlineArray<groups, Products.Accumulator>(
    repeating: Products.accumulator(startingAt: bias))
  var weights = weights
  var row = pixels
  var phase = 0
  var windowRows = region.pointee.region.layer.windowRows
  repeat {
    var pixels = row
    // Counted down, for the sake of two instructions less.
    var chunk = chunks
    while chunk != 0 {
      forEachConstant(64 / Products.stepBytes) { _ in
        Products.multiplyStep(&accumulators, &pixels, stepStride: layout.stepStride, &weights)
      }
      chunk &-= 1
    }
    var bytes = bytesAfter
    while bytes != 0 {
      forEachConstant(16 / Products.stepBytes) { _ in
        Products.multiplyStep(&accumulators, &pixels, stepStride: layout.stepStride, &weights)
      }
      bytes &-= 16
    }
    weights += weightGap
    row += layout.phaseStride
    phase &+= 1
    if phase == layout.phases {
      phase = 0
      row += layout.rowStride &- layout.phases &* layout.phaseStride
    }
    windowRows &-= 1
  } while windowRows != 0
  forEachConstant(groups) { group in
    let accumulator = accumulators[unchecked: group]
    let target = sums + group &* 64
    target.storeBytes(of: Products.sums(accumulator, pixel: 0), as: SIMD16<Int32>.self)
    if Products.pixelsPerAccumulator == 2 {
      (target + laneBytes).storeBytes(of: Products.sums(accumulator, pixel: 1), as: SIMD16<Int32>.self)
    }
  }
}

/// Stores what `output` makes of one block's sums of a region, [pixel][16].
@inlinable @inline(__always)
func storeInterleavedInt8Sums<Products: InterleavedInt8Products, Output: RequantisedOutput>(
  _: Products.Type, _ sums: UnsafeMutableRawPointer, _ output: Output, block: Int,
  _ region: UnsafePointer<CopiedRegion>, pixels: Range<Int>
) {
  if output.requantisation.isLinear {
    storeInterleavedInt8Sums(Products.self, sums, output, block: block, region, pixels: pixels, isLinear: true)
  } else {
    storeInterleavedInt8Sums(Products.self, sums, output, block: block, region, pixels: pixels, isLinear: false)
  }
}

/// - Parameter isLinear: whether the requantisation is linear, as a constant.
@inlinable @inline(__always)
func storeInterleavedInt8Sums<Products: InterleavedInt8Products, Output: RequantisedOutput>(
  _: Products.Type, _ sums: UnsafeMutableRawPointer, _ output: Output, block: Int,
  _ region: UnsafePointer<CopiedRegion>, pixels: Range<Int>, isLinear: Bool
) {
  let constants = output.constants(block: block)
  let width = region.pointee.region.layer.outputWidth
  var sums = UnsafeRawPointer(sums)
  var pixel = pixels.lowerBound
  var row = pixel / width
  var column = pixel &- row &* width
  let corner =
    output.plane.pixel(row: region.pointee.region.row, column: region.pointee.region.column)
    + block &* Output.blockBytes
  repeat {
    let end = min(pixel &+ width &- column, pixels.upperBound)
    var address = corner + (row &* output.plane.rowBytes &+ column &* output.plane.pixelBytes)
    repeat {
      output.store(
        biased: csimd_float_from_int(csimd_load_16_ints(sums)), isLinear: isLinear, constants, at: address)
      sums += 64
      address += output.plane.pixelBytes
      pixel &+= 1
    } while pixel < end
    column = 0
    row &+= 1
  } while pixel < pixels.upperBound
}

/// A block's weights, from the order of fours into the arithmetic's.
@inlinable @inline(__always)
func reorderInterleavedWeights<Products: InterleavedInt8Products>(
  _: Products.Type, _ weights: UnsafeRawPointer, byteCount: Int, to output: UnsafeMutableRawPointer
) {
  var (weights, output, bytes) = (weights, output, byteCount)
  repeat {
    Products.reorder(&weights, to: &output)
    bytes &-= 128
  } while bytes != 0
}
