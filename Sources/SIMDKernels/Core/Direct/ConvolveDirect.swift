/// One convolution layer as the kernels see it: a window of `windowRows` runs of contiguous bytes slides over an input
/// that already has its border, so 3×3, 1×1 and the linear layer (one window that is the whole image) are the same
/// loop.
///
/// NHWC makes it a matrix product without im2col: for one output pixel and one kernel row the input bytes are
/// contiguous.
public struct ConvolutionLayer: @unchecked Sendable {
  /// The first byte of the first window.
  public var input: UnsafeRawPointer
  /// From one kernel row of a window to the next, in bytes.
  public var windowRowBytes: Int
  /// Kernel rows.
  public var windowRows: Int
  /// Steps of four bytes in one kernel row: kernel width · input channels · bytes per value / 4.
  public var stepsPerRow: Int
  /// From one output pixel's window to its right neighbour's, and to the one below, in bytes.
  public var pixelBytes: Int
  public var rowBytes: Int
  /// [block of 16 output channels][kernel row][step][16 output channels][4 bytes].
  public var weights: UnsafeRawPointer
  public var outputWidth: Int
  /// Pixels have four values (an image), of which the fourth is multiplied with nothing but zeros: it may be left out.
  public var fourthIsEmpty: Bool
  /// That of the input, where it is known.
  public var border: ConstantBorder?

  @inlinable
  public init(
    input: UnsafeRawPointer, windowRowBytes: Int, windowRows: Int, stepsPerRow: Int, pixelBytes: Int, rowBytes: Int,
    weights: UnsafeRawPointer, outputWidth: Int, fourthIsEmpty: Bool = false
  ) {
    self.input = input
    self.windowRowBytes = windowRowBytes
    self.windowRows = windowRows
    self.stepsPerRow = stepsPerRow
    self.pixelBytes = pixelBytes
    self.rowBytes = rowBytes
    self.weights = weights
    self.outputWidth = outputWidth
    self.fourthIsEmpty = fourthIsEmpty
  }

  /// Weights of one block of 16 output channels, in bytes.
  @inlinable @inline(__always)
  public var blockBytes: Int { windowRows &* stepsPerRow &* 64 }
}

/// Which part of a layer's output to compute: blocks of 16 channels × pixels counted row by row.
public struct ConvolutionSlice: @unchecked Sendable {
  public var blocks: Range<Int>
  public var pixels: Range<Int>
  /// Memory of the calling thread, aligned to 64 and as large as the kernel's `scratchBytes` for these pixels; nil where
  /// that is 0.
  public var scratch: UnsafeMutableRawPointer?

  @inlinable
  public init(blocks: Range<Int>, pixels: Range<Int>, scratch: UnsafeMutableRawPointer? = nil) {
    self.blocks = blocks
    self.pixels = pixels
    self.scratch = scratch
  }
}

/// What becomes of the sums: the epilogue of a convolution.
public protocol ConvolutionOutput {
  associatedtype Sum: SIMDScalar
  /// What the epilogue needs to know of 16 channels; it stays in registers while their pixels pass.
  associatedtype Constants: BitwiseCopyable
  var plane: OutputPlane { get }
  /// Of 16 channels of a pixel.
  static var blockBytes: Int { get }
  func constants(block: Int) -> Constants
  func store(_ sums: SIMD16<Sum>, _ constants: Constants, at address: UnsafeMutableRawPointer)
}

extension ConvolutionOutput {
  @inlinable @inline(__always)
  func store(_ sums: SIMD16<Sum>, _ constants: Constants, block: Int, row: Int, column: Int) {
    store(sums, constants, at: plane.pixel(row: row, column: column) + block &* Self.blockBytes)
  }
}

/// Convolves a slice with tiles of `groups` accumulators × `vectors` blocks, and what is left over with one block at a
/// time.
@inlinable @inline(__always)
public func convolve<
  Arithmetic: DotArithmetic, Output: ConvolutionOutput, let groups: Int, let vectors: Int
>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  tile: Tile<groups, vectors>
) where Output.Sum == Arithmetic.Sum {
  var block = slice.blocks.lowerBound
  while block &+ vectors <= slice.blocks.upperBound {
    convolveBlocks(Arithmetic.self, layer, output, block: block, pixels: slice.pixels, tile: tile)
    block &+= vectors
  }
  while block < slice.blocks.upperBound {
    convolveBlocks(Arithmetic.self, layer, output, block: block, pixels: slice.pixels, tile: Tile<groups, 1>())
    block &+= 1
  }
}

/// A register tile as a type: `groups` accumulators of pixels × `vectors` blocks of 16 output channels.
public struct Tile<let groups: Int, let vectors: Int> {
  @inlinable @inline(__always)
  public init() {}
}

/// All pixels of the slice for `vectors` blocks of output channels, one register tile after the other. Tiles run on
/// over the ends of rows, so odd widths (7, 14) waste nothing but the last tile's rest.
@inlinable @inline(__always)
func convolveBlocks<
  Arithmetic: DotArithmetic, Output: ConvolutionOutput, let groups: Int, let vectors: Int
>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ output: Output, block: Int, pixels: Range<Int>,
  tile: Tile<groups, vectors>
) where Output.Sum == Arithmetic.Sum {
  if Arithmetic.storesFromRegisters {
    return convolveTiles(Arithmetic.self, layer, output, block: block, pixels: pixels, tile: tile)
  }
  let weights = layer.weights + block &* layer.blockBytes
  let tilePixels = groups &* Arithmetic.pixelsPerAccumulator
  var pixel = pixels.lowerBound
  var row = pixel / layer.outputWidth
  var column = pixel &- row &* layer.outputWidth
  var sums = InlineArray<groups, InlineArray<vectors, SumPair<Arithmetic.Sum>>>(
    repeating: InlineArray(repeating: SumPair(SIMD16(), SIMD16())))
  while pixel < pixels.upperBound {
    let count = min(tilePixels, pixels.upperBound &- pixel)
    var windows = InlineArray<groups, WindowPair>(repeating: WindowPair(layer.input, layer.input))
    var (windowRow, windowColumn) = (row, column)
    var window = layer.input + (row &* layer.rowBytes &+ column &* layer.pixelBytes)
    for group in 0..<groups {
      windows[unchecked: group].first = window
      for inGroup in 0..<Arithmetic.pixelsPerAccumulator {
        if inGroup == 1 { windows[unchecked: group].second = window }
        // Behind the last pixel the tile computes that pixel again, and drops it.
        if group &* Arithmetic.pixelsPerAccumulator &+ inGroup &+ 1 < count {
          windowColumn &+= 1
          window += layer.pixelBytes
          if windowColumn == layer.outputWidth {
            windowColumn = 0
            windowRow &+= 1
            window = layer.input + (windowRow &* layer.rowBytes)
          }
        }
      }
    }
    accumulate(Arithmetic.self, layer, weights, windows, into: &sums)
    for vector in 0..<vectors {
      let constants = output.constants(block: block &+ vector)
      (windowRow, windowColumn) = (row, column)
      for index in 0..<count {
        let group = index / Arithmetic.pixelsPerAccumulator
        let pair = sums[unchecked: group][unchecked: vector]
        output.store(
          index == group &* Arithmetic.pixelsPerAccumulator ? pair.first : pair.second, constants,
          block: block &+ vector, row: windowRow, column: windowColumn)
        windowColumn &+= 1
        if windowColumn == layer.outputWidth {
          windowColumn = 0
          windowRow &+= 1
        }
      }
    }
    (row, column) = (windowRow, windowColumn)
    pixel &+= count
  }
}

/// The windows of an accumulator's pixels; `second` is used where it holds two.
@usableFromInline
struct WindowPair: BitwiseCopyable {
  @usableFromInline var first: UnsafeRawPointer
  @usableFromInline var second: UnsafeRawPointer

  @inlinable @inline(__always)
  init(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) {
    self.first = first
    self.second = second
  }
}

/// The sums of an accumulator's pixels; `second` is used where it holds two.
@usableFromInline
struct SumPair<Sum: SIMDScalar> {
  @usableFromInline var first: SIMD16<Sum>
  @usableFromInline var second: SIMD16<Sum>

  @inlinable @inline(__always)
  init(_ first: SIMD16<Sum>, _ second: SIMD16<Sum>) {
    self.first = first
    self.second = second
  }
}

/// The hot loop: all kernel rows of one register tile. The sums come in memory.
@inlinable @inline(__always)
func accumulate<Arithmetic: DotArithmetic, let groups: Int, let vectors: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ weights: UnsafeRawPointer,
  _ windows: InlineArray<groups, WindowPair>,
  into sums: inout InlineArray<groups, InlineArray<vectors, SumPair<Arithmetic.Sum>>>
) {
  let accumulators = accumulated(Arithmetic.self, layer, weights, windows, tile: Tile<groups, vectors>())
  for group in 0..<groups {
    for vector in 0..<vectors {
      let accumulator = accumulators[unchecked: group][unchecked: vector]
      sums[unchecked: group][unchecked: vector].first = Arithmetic.sums(accumulator, pixel: 0)
      if Arithmetic.pixelsPerAccumulator == 2 {
        sums[unchecked: group][unchecked: vector].second = Arithmetic.sums(accumulator, pixel: 1)
      }
    }
  }
}

/// The same, in registers.
///
/// The accumulators are indexed by constants only, and no loop can be skipped, so that the compiler keeps them where
/// they are.
@inlinable @inline(__always)
func accumulated<Arithmetic: DotArithmetic, let groups: Int, let vectors: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ weights: UnsafeRawPointer,
  _ windows: InlineArray<groups, WindowPair>, tile: Tile<groups, vectors>
) -> InlineArray<groups, InlineArray<vectors, Arithmetic.Accumulator>> {
  var accumulators = InlineArray<groups, InlineArray<vectors, Arithmetic.Accumulator>>(
    repeating: InlineArray(repeating: Arithmetic.zero()))
  var windowRow = 0
  var weightStep = weights
  repeat {
    var offset = windowRow &* layer.windowRowBytes
    // Counts down, for the sake of one instruction less.
    var bytes = layer.stepsPerRow &* 4
    repeat {
      let pixels = InlineArray<groups, Arithmetic.PixelVector> { group in
        Arithmetic.loadPixels(windows[unchecked: group].first + offset, windows[unchecked: group].second + offset)
      }
      forEachConstant(Arithmetic.dotsPerLoad) { lane in
        for vector in 0..<vectors {
          let weightVector = Arithmetic.loadWeights(weightStep + vector &* layer.blockBytes, lane: lane)
          for group in 0..<groups {
            Arithmetic.dot(
              &accumulators[unchecked: group][unchecked: vector], pixels[unchecked: group], lane: lane, weightVector)
          }
        }
      }
      offset &+= Arithmetic.pixelBytesPerLoad
      weightStep += Arithmetic.pixelBytesPerLoad &* 16
      bytes &-= Arithmetic.pixelBytesPerLoad
    } while bytes != 0
    windowRow &+= 1
  } while windowRow < layer.windowRows
  return accumulators
}

/// Calls `body` with 0, 1, … `count` − 1 (`count` is 1 to 8, 16 or 32), each of them a constant: the compiler would
/// leave a loop of this size rolled.
@inlinable @inline(__always)
public func forEachConstant(_ count: Int, _ body: (Int) -> Void) {
  body(0)
  if count > 1 { body(1) }
  if count > 2 { body(2) }
  if count > 3 { body(3) }
  if count > 4 { body(4) }
  if count > 5 { body(5) }
  if count > 6 { body(6) }
  if count > 7 { body(7) }
  if count > 8 {
    body(8)
    body(9)
    body(10)
    body(11)
    body(12)
    body(13)
    body(14)
    body(15)
  }
  if count > 16 {
    body(16)
    body(17)
    body(18)
    body(19)
    body(20)
    body(21)
    body(22)
    body(23)
    body(24)
    body(25)
    body(26)
    body(27)
    body(28)
    body(29)
    body(30)
    body(31)
  }
}
