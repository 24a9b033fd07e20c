/// An int16 arithmetic that multiplies pixels which lie side by side (`InterleavedPixels`), a value of each at a time.
public protocol InterleavedInt16Arithmetic: DotArithmetic where Sum == Int32 {
  /// Stores 8 values of four windows as [value][window], the values `valueStride` apart.
  static func interleave(
    _ a: SIMD8<Int16>, _ b: SIMD8<Int16>, _ c: SIMD8<Int16>, _ d: SIMD8<Int16>, to output: UnsafeMutableRawPointer,
    valueStride: Int)
  /// The same of the first three of four values.
  static func interleaveThree(
    _ a: SIMD4<Int16>, _ b: SIMD4<Int16>, _ c: SIMD4<Int16>, _ d: SIMD4<Int16>, to output: UnsafeMutableRawPointer,
    valueStride: Int)
  /// A step's weights, [16 output channels][2] → [2][16].
  static func separate(_ weights: UnsafeRawPointer, to output: UnsafeMutableRawPointer)
  /// Adds the products of one value of each pixel, and moves both pointers on behind it.
  static func multiplyValue<let places: Int>(
    _ sums: inout InlineArray<places, Accumulator>, _ pixels: inout UnsafeRawPointer, valueStride: Int,
    _ weights: inout UnsafeRawPointer)
}

extension ConvolutionLayer {
  /// Values of a kernel row that are multiplied.
  @inlinable @inline(__always)
  var int16RowValues: Int { fourthIsEmpty ? stepsPerRow / 2 &* 3 : stepsPerRow &* 2 }
}

/// A convolution of int16 that first copies the slice's pixels, so that a value of each of a tile's lies side by side;
/// one pixel alone is multiplied where it lies.
///
/// `directGroups` is the number of pixels of the register tile in which dot products alone are fastest.
public enum InterleavedInt16Convolution<Arithmetic: InterleavedInt16Arithmetic, let groups: Int, let directGroups: Int>:
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
    pixels > 1 ? Interleaving(Arithmetic.self, tile: Tile<groups, 1>()).scratchBytes(layer, pixels: pixels) : 0
  }

  @inlinable @inline(__always)
  public static func convolve<Output: RequantisedOutput>(
    _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice
  ) {
    if let scratch = slice.scratch {
      convolveInterleavedInt16(Arithmetic.self, layer, output, slice, scratch: scratch, tile: Tile<groups, 1>())
    } else {
      SIMDKernels.convolve(Arithmetic.self, layer, output, slice, tile: Tile<1, 1>())
    }
  }

  @inlinable @inline(__always)
  public static func repeatDots(rounds: Int) -> Int {
    SIMDKernels.repeatDots(Arithmetic.self, rounds: rounds, tile: Tile<directGroups, 1>())
  }
}

/// As `convolveInterleaved`, of int16: a load of pixels is one value of each of a tile's pixels, and one of weights
/// that of 16 output channels.
@inlinable @inline(__always)
func convolveInterleavedInt16<
  Arithmetic: InterleavedInt16Arithmetic, Output: ConvolutionOutput, let groups: Int
>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, 1>
) where Output.Sum == Int32 {
  guard !slice.pixels.isEmpty else { return }
  let interleaving = Interleaving(Arithmetic.self, tile: tile)
  let layout = interleaving.layout(layer, pixels: slice.pixels.count)
  let sums = scratch + interleaving.weightBytes(layer)
  let pixels = sums + interleaving.sumBytes(layout)
  interleaveValues(Arithmetic.self, layer, pixels: slice.pixels, as: layout, to: pixels)
  for block in slice.blocks {
    separateWeights(Arithmetic.self, layer, block: block, to: scratch)
    var place = 0
    while place < layout.places {
      let input = UnsafeRawPointer(pixels) + place &* layout.placeBytes
      if (layout.places &- place) &* 2 > groups {
        multiplyTile(Arithmetic.self, layer, layout, input, scratch, sums: sums + place &* 64, tile: tile)
        place &+= groups
      } else {
        multiplyTile(Arithmetic.self, layer, layout, input, scratch, sums: sums + place &* 64, tile: Tile<1, 1>())
        place &+= 1
      }
    }
    store(Arithmetic.self, sums, output, block: block, pixels: slice.pixels, width: layer.outputWidth)
  }
}

/// The sums of `groups` neighbouring pixels: the hot loop.
@inlinable @inline(__always)
func multiplyTile<Arithmetic: InterleavedInt16Arithmetic, let groups: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ layout: InterleavedPixels, _ pixels: UnsafeRawPointer,
  _ weights: UnsafeMutableRawPointer, sums: UnsafeMutableRawPointer, tile: Tile<groups, 1>
) {
  var accumulators = InlineArray<groups, Arithmetic.Accumulator>(repeating: Arithmetic.zero())
  var weights = UnsafeRawPointer(weights)
  var row = pixels
  var phase = 0
  var windowRow = 0
  repeat {
    var pixels = row
    var values = layer.int16RowValues
    while values >= 8 {
      forEachConstant(8) { _ in
        Arithmetic.multiplyValue(&accumulators, &pixels, valueStride: layout.stepStride, &weights)
      }
      values &-= 8
    }
    while values != 0 {
      Arithmetic.multiplyValue(&accumulators, &pixels, valueStride: layout.stepStride, &weights)
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
      of: Arithmetic.sums(accumulators[unchecked: group], pixel: 0), as: SIMD16<Int32>.self)
  }
}

/// A block's weights, [kernel row][step][16 output channels][2] → [kernel row][value][16].
@inlinable @inline(__always)
func separateWeights<Arithmetic: InterleavedInt16Arithmetic>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, block: Int, to output: UnsafeMutableRawPointer
) {
  var step = layer.weights + block &* layer.blockBytes
  var output = output
  var pairs = layer.windowRows &* layer.stepsPerRow / 2
  repeat {
    Arithmetic.separate(step, to: output)
    Arithmetic.separate(step + 64, to: output + 64)
    step += 128
    // Of an image's fourth channel: written over by what follows.
    output += layer.fourthIsEmpty ? 96 : 128
    pairs &-= 1
  } while pairs != 0
}

/// Copies the windows of a slice's pixels into `output`.
@inlinable @inline(__always)
func interleaveValues<Arithmetic: InterleavedInt16Arithmetic>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, pixels: Range<Int>, as layout: InterleavedPixels,
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
          Arithmetic.interleaveThree(load(a), load(b), load(c), load(d), to: value, valueStride: layout.stepStride)
          value += 3 &* layout.stepStride
          offset &+= 8
        } while offset != layer.stepsPerRow &* 4
      } else {
        let load = { (window: UnsafeRawPointer) in (window + offset).loadUnaligned(as: SIMD8<Int16>.self) }
        repeat {
          Arithmetic.interleave(load(a), load(b), load(c), load(d), to: value, valueStride: layout.stepStride)
          value += 8 &* layout.stepStride
          offset &+= 16
        } while offset != layer.stepsPerRow &* 4
      }
      target += 4 &* layout.placeBytes
      places &-= 4
    } while places > 0
  }
}

/// The windows of neighbouring pixels, row by row; behind the last one that one again.
@usableFromInline
struct WindowWalk {
  private var window: UnsafeRawPointer
  private var row: UnsafeRawPointer
  private var column: Int
  private var rest: Int
  private let layer: ConvolutionLayer

  /// - Parameter phase: kernel row of the windows that is wanted.
  @usableFromInline @inline(__always)
  init(_ layer: ConvolutionLayer, _ pixels: Range<Int>, phase: Int) {
    self.layer = layer
    let firstRow = pixels.lowerBound / layer.outputWidth
    column = pixels.lowerBound &- firstRow &* layer.outputWidth
    row = layer.input + (phase &* layer.windowRowBytes &+ firstRow &* layer.rowBytes)
    window = row + column &* layer.pixelBytes
    rest = pixels.count
  }

  @usableFromInline @inline(__always)
  mutating func next() -> UnsafeRawPointer {
    let current = window
    rest &-= 1
    guard rest > 0 else { return current }
    column &+= 1
    window += layer.pixelBytes
    if column == layer.outputWidth {
      column = 0
      row += layer.rowBytes
      window = row
    }
    return current
  }
}

/// What `output` makes of one block's sums, [pixel][16].
@inlinable @inline(__always)
func store<Arithmetic: InterleavedInt16Arithmetic, Output: ConvolutionOutput>(
  _: Arithmetic.Type, _ sums: UnsafeMutableRawPointer, _ output: Output, block: Int, pixels: Range<Int>, width: Int
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
