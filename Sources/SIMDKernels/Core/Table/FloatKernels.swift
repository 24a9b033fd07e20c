/// The convolutions in float.
public struct FloatKernels: Sendable {
  public var direct: ConvolutionKernel<ConvolutionLayer, FloatOutput>
  /// Winograd's 3×3 convolutions with stride 1; the pixels of a slice are tiles of the layer.
  public var winograd: ConvolutionKernel<FloatWinogradLayer, FloatOutput>
  public var depthwise: ConvolutionKernel<DepthwiseLayer, FloatOutput>
  public var grouped: ConvolutionKernel<GroupedLayer, FloatOutput>
  /// Computes so many rounds of dot products on registers alone; returns the number of multiply-accumulates.
  public var repeatDots: @Sendable (_ rounds: Int) -> Int

  /// - Parameters:
  ///   - direct: how dense convolutions are computed.
  ///   - winograd: the register tile of Winograd's products.
  ///   - grouped: how grouped convolutions are computed.
  @inlinable @inline(__always)
  public init<
    ISA: InstructionSetKernels, Direct: FloatConvolutionWay, let vectors: Int, Lanes: GroupedWay,
    RangeDot: DotProducts, let rangeGroups: Int
  >(
    _: ISA.Type, direct: Direct.Type, winograd: Tile<4, vectors>,
    grouped: GroupedConvolution<Lanes, RangeDot, rangeGroups>.Type
  ) where Lanes.Sum == Float, RangeDot.Sum == Float {
    self.direct = ConvolutionKernel(
      name: ISA.kernelName(Direct.name), tilePixels: { Direct.tilePixels($0) },
      scratchBytes: { _, _ in 0 },
      compute: { Direct.convolve($0.pointee, $1.pointee, $2) })
    self.winograd = ConvolutionKernel(
      name: ISA.kernelName("winograd float"), tilePixels: { _ in 1 },
      scratchBytes: { $0.scratchBytes(tiles: $1) },
      compute: { layer, output, slice in
        guard let scratch = slice.scratch else { return }
        convolveFloatWinograd(
          ISA.FloatDot.self, layer.pointee, output.pointee, slice, scratch: scratch, tile: Tile<4, vectors>())
      })
    depthwise = ConvolutionKernel(
      name: ISA.kernelName("depthwise float"), cutting: .pixels,
      tilePixels: { _ in DepthwiseLayer.tilePixels },
      scratchBytes: { _, _ in 0 },
      compute: { convolveDepthwise(DepthwiseFloat<ISA.FloatDot>.self, $0.pointee, $1.pointee, $2) })
    self.grouped = ConvolutionKernel(
      name: ISA.kernelName(GroupedConvolution<Lanes, RangeDot, rangeGroups>.name), cutting: .pixels,
      tilePixels: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.tilePixels($0) },
      scratchBytes: { _, _ in 0 },
      compute: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.convolve($0.pointee, $1.pointee, $2) })
    repeatDots = { Direct.repeatDots(rounds: $0) }
  }
}
