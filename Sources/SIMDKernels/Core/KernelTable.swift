/// The kernels of one instruction set, as function values. Tests and benchmarks walk tables of these.
///
/// Every function computes the slice or the rows it is given, so threads share a layer by calling it with disjoint
/// ones. Pointers must cover the whole layer; buffers may be read up to 64 bytes past their end.
public struct KernelTable: Sendable {
  public let instructionSet: InstructionSet
  /// Of the weights of dense int8 convolutions.
  public var packedOrder: PackedOrder
  /// What int8 activations are XORed with in memory (`Int8Arithmetic.pixelFlip`).
  public let pixelFlip: Int8
  /// Convolutions of int8 are faster with scratch memory of `ConvolutionLayer.widenedBytes`, where there are several
  /// pixels.
  public let widensInt8: Bool
  /// Where not nil, they are faster with that of `Interleaving.scratchBytes`, again where there are several pixels.
  public var interleaving: Interleaving?
  /// The same of convolutions of int16.
  public var int16Interleaving: Interleaving?
  /// Where they are, they take note of a layer's `border`, whose biases this fills, [edge][channel].
  public var fillBorderBiases:
    (
      @Sendable (
        ConvolutionLayer, _ pixel: UnsafePointer<Int8>, _ bias: UnsafePointer<Int32>, _ blocks: Int,
        _ biases: UnsafeMutablePointer<Int32>
      ) -> Void
    )?
  /// Pixels of one register tile: slices are cut at multiples of these.
  public let int8TilePixels: Int
  public var int16TilePixels: Int
  public let floatTilePixels: Int
  /// 1, or 2 where Winograd computes convolutions with stride 2, too.
  public let largestWinogradStride: Int

  public var convolveInt8ToInt8: @Sendable (ConvolutionLayer, Int8Output, ConvolutionSlice) -> Void
  public var convolveInt8ToInt16: @Sendable (ConvolutionLayer, Int16Output, ConvolutionSlice) -> Void
  /// For the linear layer, which has one pixel.
  public var convolveInt8ToFloat: @Sendable (ConvolutionLayer, DequantisedOutput, ConvolutionSlice) -> Void
  public var convolveInt16ToInt16: @Sendable (ConvolutionLayer, Int16Output, ConvolutionSlice) -> Void
  public var convolveInt16ToInt8: @Sendable (ConvolutionLayer, Int8Output, ConvolutionSlice) -> Void
  /// For the linear layer, too.
  public var convolveInt16ToFloat: @Sendable (ConvolutionLayer, DequantisedOutput, ConvolutionSlice) -> Void
  public var convolveFloat: @Sendable (ConvolutionLayer, FloatOutput, ConvolutionSlice) -> Void

  /// `pixels` of the slice are tiles; the scratch memory has `FloatWinogradLayer.scratchBytes`.
  public var convolveFloatWinograd:
    @Sendable (FloatWinogradLayer, FloatOutput, ConvolutionSlice, _ scratch: UnsafeMutableRawPointer) -> Void

  /// Bytes of scratch memory, aligned to 64, that a thread needs for a layer.
  public var winogradScratchBytes: @Sendable (WinogradLayer) -> Int
  /// Some blocks of 16 output channels.
  public var convolveWinogradToInt8:
    @Sendable (WinogradLayer, Int8Output, _ blocks: Range<Int>, _ scratch: UnsafeMutableRawPointer) -> Void
  public var convolveWinogradToInt16:
    @Sendable (WinogradLayer, Int16Output, _ blocks: Range<Int>, _ scratch: UnsafeMutableRawPointer) -> Void

  /// The largest Σ|w| of an output channel, of blocks of int8 weights packed in fours.
  public var largestWeightSum: @Sendable (UnsafeRawPointer, _ blocks: Int, _ blockBytes: Int) -> Int32

  public var depthwiseInt8ToInt8: @Sendable (DepthwiseLayer, Int8Output, ConvolutionSlice) -> Void
  public var depthwiseInt8ToInt16: @Sendable (DepthwiseLayer, Int16Output, ConvolutionSlice) -> Void
  public var depthwiseInt16ToInt8: @Sendable (DepthwiseLayer, Int8Output, ConvolutionSlice) -> Void
  public var depthwiseInt16ToInt16: @Sendable (DepthwiseLayer, Int16Output, ConvolutionSlice) -> Void
  public var depthwiseFloat: @Sendable (DepthwiseLayer, FloatOutput, ConvolutionSlice) -> Void

  public var quantiseTrunk: @Sendable (TrunkQuantisation, Range<Int>) -> Void
  public var scaleTrunk: @Sendable (TrunkScaling, Range<Int>) -> Void
  public var updateTrunk: @Sendable (TrunkUpdate, Range<Int>) -> Void
  public var sumChannels: @Sendable (ChannelSums, Range<Int>) -> Void
  public var squeezeExcite: @Sendable (SqueezeExciteGate) -> Void

  public var normaliseFloat: @Sendable (FloatNormalisation, Range<Int>) -> Void
  public var updateFloatTrunk: @Sendable (FloatTrunkUpdate, Range<Int>) -> Void
  public var sumFloatChannels: @Sendable (FloatChannelSums, Range<Int>) -> Void

  /// Each arithmetic's dot products on registers alone, and how many multiply-accumulates so many rounds of them are.
  public var repeatInt8Dots: @Sendable (_ rounds: Int) -> Int
  public var repeatInt16Dots: @Sendable (_ rounds: Int) -> Int
  public var repeatFloatDots: @Sendable (_ rounds: Int) -> Int
}

/// The arithmetics of one instruction set.
public protocol KernelArithmetics: SendableMetatype {
  associatedtype Int8Dot: Int8Arithmetic
  associatedtype Int16Dot: DotArithmetic where Int16Dot.Sum == Int32
  associatedtype Winograd: WinogradArithmetic
  associatedtype FloatDot: DotArithmetic where FloatDot.Sum == Float
  static var instructionSet: InstructionSet { get }
  /// Products of int16 are so much faster than those of int8 that it pays to widen them.
  static var widensInt8: Bool { get }
}

extension KernelArithmetics {
  @inlinable @inline(__always)
  public static var widensInt8: Bool { false }
}

extension KernelTable {
  /// Instantiates every kernel for `Arithmetics` in the calling module, and so with that module's target flags.
  ///
  /// The closures must stand in this generic initialiser, and what they call must take `Arithmetics` or a part of it,
  /// even where it has no use for it: a function that does not depend on the calling module's own types is the same
  /// symbol for all instruction sets, of which the linker keeps any one.
  ///
  /// - Parameter linear: the tile of the linear layer.
  @inlinable @inline(__always)
  public init<
    Arithmetics: KernelArithmetics, let int8Groups: Int, let int8Vectors: Int, let int16Groups: Int,
    let int16Vectors: Int, let linearGroups: Int, let linearVectors: Int, let floatGroups: Int,
    let floatVectors: Int
  >(
    _: Arithmetics.Type, int8: Tile<int8Groups, int8Vectors>, int16: Tile<int16Groups, int16Vectors>,
    linear: Tile<linearGroups, linearVectors>,
    float: Tile<floatGroups, floatVectors>
  ) {
    instructionSet = Arithmetics.instructionSet
    packedOrder = .fours
    pixelFlip = Arithmetics.Int8Dot.pixelFlip
    widensInt8 = Arithmetics.widensInt8
    int8TilePixels = int8Groups * Arithmetics.Int8Dot.pixelsPerAccumulator
    int16TilePixels = int16Groups * Arithmetics.Int16Dot.pixelsPerAccumulator
    largestWinogradStride = Arithmetics.Winograd.largestStride
    floatTilePixels = floatGroups * Arithmetics.FloatDot.pixelsPerAccumulator
    convolveInt8ToInt8 = {
      convolveInt8(
        Arithmetics.self, $0, $1, $2, tile: Tile<int8Groups, int8Vectors>(), widened: Tile<int16Groups, int16Vectors>())
    }
    convolveInt8ToInt16 = {
      convolveInt8(
        Arithmetics.self, $0, $1, $2, tile: Tile<int8Groups, int8Vectors>(), widened: Tile<int16Groups, int16Vectors>())
    }
    convolveInt8ToFloat = { convolve(Arithmetics.Int8Dot.self, $0, $1, $2, tile: Tile<linearGroups, linearVectors>()) }
    convolveInt16ToInt16 = { convolve(Arithmetics.Int16Dot.self, $0, $1, $2, tile: Tile<int16Groups, int16Vectors>()) }
    convolveInt16ToInt8 = { convolve(Arithmetics.Int16Dot.self, $0, $1, $2, tile: Tile<int16Groups, int16Vectors>()) }
    convolveInt16ToFloat = {
      convolve(Arithmetics.Int16Dot.self, $0, $1, $2, tile: Tile<linearGroups, linearVectors>())
    }
    convolveFloat = { convolve(Arithmetics.FloatDot.self, $0, $1, $2, tile: Tile<floatGroups, floatVectors>()) }
    convolveFloatWinograd = {
      convolveWinograd(Arithmetics.FloatDot.self, $0, $1, $2, scratch: $3, tile: Tile<4, floatVectors>())
    }
    winogradScratchBytes = { Arithmetics.Winograd.scratchBytes($0) }
    convolveWinogradToInt8 = { Arithmetics.Winograd.convolve($0, $1, blocks: $2, scratch: $3) }
    convolveWinogradToInt16 = { Arithmetics.Winograd.convolve($0, $1, blocks: $2, scratch: $3) }
    largestWeightSum = { SIMDKernels.largestWeightSum(Arithmetics.self, $0, blocks: $1, blockBytes: $2) }
    depthwiseInt8ToInt8 = { convolveDepthwise(DepthwiseInt8<Arithmetics.Int8Dot>.self, $0, $1, $2) }
    depthwiseInt8ToInt16 = { convolveDepthwise(DepthwiseInt8<Arithmetics.Int8Dot>.self, $0, $1, $2) }
    depthwiseInt16ToInt8 = { convolveDepthwise(DepthwiseInt16<Arithmetics.Int16Dot>.self, $0, $1, $2) }
    depthwiseInt16ToInt16 = { convolveDepthwise(DepthwiseInt16<Arithmetics.Int16Dot>.self, $0, $1, $2) }
    depthwiseFloat = { convolveDepthwise(DepthwiseFloat<Arithmetics.FloatDot>.self, $0, $1, $2) }
    quantiseTrunk = { SIMDKernels.quantiseTrunk(Arithmetics.self, $0, rows: $1) }
    scaleTrunk = { SIMDKernels.scaleTrunk(Arithmetics.self, $0, rows: $1) }
    updateTrunk = { SIMDKernels.updateTrunk(Arithmetics.self, $0, rows: $1) }
    sumChannels = { SIMDKernels.sumChannels(Arithmetics.self, $0, blocks: $1) }
    squeezeExcite = { SIMDKernels.squeezeExcite(Arithmetics.self, $0) }
    normaliseFloat = { SIMDKernels.normaliseFloat(Arithmetics.self, $0, rows: $1) }
    updateFloatTrunk = { SIMDKernels.updateFloatTrunk(Arithmetics.self, $0, rows: $1) }
    sumFloatChannels = { SIMDKernels.sumFloatChannels(Arithmetics.self, $0, blocks: $1) }
    repeatInt8Dots = {
      if Arithmetics.widensInt8 {
        return repeatDots(
          Arithmetics.Int16Dot.self, valueBytes: 2, rounds: $0, tile: Tile<int16Groups, int16Vectors>())
      }
      return repeatDots(Arithmetics.Int8Dot.self, valueBytes: 1, rounds: $0, tile: Tile<int8Groups, int8Vectors>())
    }
    repeatInt16Dots = {
      repeatDots(Arithmetics.Int16Dot.self, valueBytes: 2, rounds: $0, tile: Tile<int16Groups, int16Vectors>())
    }
    repeatFloatDots = {
      repeatDots(Arithmetics.FloatDot.self, valueBytes: 4, rounds: $0, tile: Tile<floatGroups, floatVectors>())
    }
  }

  /// Makes dense int8 convolutions copy their pixels (`InterleavedPixels`) where a slice has the scratch memory for it.
  /// `Arithmetic` must be of the calling module, for the same reason.
  ///
  /// - Parameter order: of the weights.
  @inlinable @inline(__always)
  public mutating func interleave<Arithmetic: InterleavedArithmetic, let groups: Int>(
    _: Arithmetic.Type, reading order: PackedOrder, tile: Tile<groups, 1>
  ) {
    packedOrder = order
    interleaving = Interleaving(Arithmetic.self, reading: order, tile: tile)
    convolveInt8ToInt8 = { convolveByPlaces(Arithmetic.self, $0, $1, $2, order: order, tile: Tile<groups, 1>()) }
    convolveInt8ToInt16 = { convolveByPlaces(Arithmetic.self, $0, $1, $2, order: order, tile: Tile<groups, 1>()) }
    convolveInt8ToFloat = { convolve(Arithmetic.self, $0, $1, $2, tile: Tile<1, 1>()) }
    fillBorderBiases = {
      SIMDKernels.fillBorderBiases(Arithmetic.self, $0, pixel: $1, bias: $2, blocks: $3, to: $4)
    }
  }
}

/// Interleaved where the slice has the scratch memory for it, and pixel by pixel where it has none.
@inlinable @inline(__always)
func convolveByPlaces<Arithmetic: InterleavedArithmetic, Output: RequantisedOutput, let groups: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice, order: PackedOrder,
  tile: Tile<groups, 1>
) {
  if let scratch = slice.scratch {
    convolveInterleaved(Arithmetic.self, layer, output, slice, scratch: scratch, order: order, tile: tile)
  } else {
    convolve(Arithmetic.self, layer, output, slice, tile: Tile<1, 1>())
  }
}

/// By int16 products where the instruction set wants that and the slice has the scratch memory for it.
@inlinable @inline(__always)
func convolveInt8<
  Arithmetics: KernelArithmetics, Output: ConvolutionOutput, let groups: Int, let vectors: Int, let widenedGroups: Int,
  let widenedVectors: Int
>(
  _: Arithmetics.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  tile: Tile<groups, vectors>, widened: Tile<widenedGroups, widenedVectors>
) where Output.Sum == Int32 {
  if Arithmetics.widensInt8, let scratch = slice.scratch {
    convolveWidened(Arithmetics.Int16Dot.self, layer, output, slice, scratch: scratch, tile: widened)
  } else {
    convolve(Arithmetics.Int8Dot.self, layer, output, slice, tile: tile)
  }
}
