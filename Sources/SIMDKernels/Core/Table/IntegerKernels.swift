/// The convolutions of inputs of one integer type.
public struct IntegerKernels: Sendable {
  public var toInt8: ConvolutionKernel<ConvolutionLayer, Int8Output>
  public var toInt16: ConvolutionKernel<ConvolutionLayer, Int16Output>
  /// The linear layer, which has one pixel.
  public var toFloat: ConvolutionKernel<ConvolutionLayer, DequantisedOutput>
  /// Planes of more than one pixel, such as a detector's outputs.
  public var planeToFloat: ConvolutionKernel<ConvolutionLayer, DequantisedOutput>
  public var depthwiseToInt8: ConvolutionKernel<DepthwiseLayer, Int8Output>
  public var depthwiseToInt16: ConvolutionKernel<DepthwiseLayer, Int16Output>
  public var depthwiseToFloat: ConvolutionKernel<DepthwiseLayer, DequantisedOutput>
  public var groupedToInt8: ConvolutionKernel<GroupedLayer, Int8Output>
  public var groupedToInt16: ConvolutionKernel<GroupedLayer, Int16Output>
  public var groupedToFloat: ConvolutionKernel<GroupedLayer, DequantisedOutput>
  /// Fills a layer's `border` with its biases, [edge][output channel]; nil where `toInt8` and `toInt16` take no note of
  /// it.
  public var fillBorderBiases:
    (
      @Sendable (
        ConvolutionLayer, _ pixel: UnsafePointer<Int8>, _ bias: UnsafePointer<Int32>, _ blocks: Int,
        _ biases: UnsafeMutablePointer<Int32>
      ) -> Void
    )?
  /// Computes so many rounds of dot products on registers alone, for comparison with the convolutions; returns the
  /// number of multiply-accumulates.
  public var repeatDots: @Sendable (_ rounds: Int) -> Int

  /// - Parameters:
  ///   - dense: how dense convolutions are computed.
  ///   - linear: how the linear layer is.
  ///   - depthwise: how depthwise convolutions are computed.
  ///   - grouped: how grouped convolutions are computed.
  @inlinable @inline(__always)
  public init<
    ISA: InstructionSetKernels, Dense: IntegerConvolutionWay, LinearDot: DotProducts, let linearGroups: Int,
    let linearVectors: Int, Depthwise: DepthwiseWay, Lanes: GroupedWay, RangeDot: DotProducts,
    let rangeGroups: Int
  >(
    _: ISA.Type, dense: Dense.Type, linear: DirectConvolution<LinearDot, linearGroups, linearVectors>.Type,
    depthwise: Depthwise.Type, grouped: GroupedConvolution<Lanes, RangeDot, rangeGroups>.Type
  ) where LinearDot.Sum == Int32, Lanes.Sum == Int32, RangeDot.Sum == Int32 {
    let name = ISA.kernelName(Dense.name)
    toInt8 = ConvolutionKernel(
      name: name, cutting: Dense.cutting, tilePixels: { Dense.tilePixels($0) },
      scratchBytes: { Dense.scratchBytes($0, pixels: $1) }, compute: { Dense.convolve($0.pointee, $1.pointee, $2) })
    toInt16 = ConvolutionKernel(
      name: name, cutting: Dense.cutting, tilePixels: { Dense.tilePixels($0) },
      scratchBytes: { Dense.scratchBytes($0, pixels: $1) }, compute: { Dense.convolve($0.pointee, $1.pointee, $2) })
    toFloat = ConvolutionKernel(
      name: ISA.kernelName(DirectConvolution<LinearDot, linearGroups, linearVectors>.name),
      tilePixels: { DirectConvolution<LinearDot, linearGroups, linearVectors>.tilePixels($0) },
      scratchBytes: { _, _ in 0 },
      compute: { DirectConvolution<LinearDot, linearGroups, linearVectors>.convolve($0.pointee, $1.pointee, $2) })
    let depthwiseName = ISA.kernelName(Depthwise.name)
    depthwiseToInt8 = ConvolutionKernel(
      name: depthwiseName, cutting: .pixels, tilePixels: { Depthwise.tilePixels($0) }, scratchBytes: { _, _ in 0 },
      compute: { Depthwise.convolve($0.pointee, $1.pointee, $2) })
    depthwiseToInt16 = ConvolutionKernel(
      name: depthwiseName, cutting: .pixels, tilePixels: { Depthwise.tilePixels($0) }, scratchBytes: { _, _ in 0 },
      compute: { Depthwise.convolve($0.pointee, $1.pointee, $2) })
    depthwiseToFloat = ConvolutionKernel(
      name: depthwiseName, cutting: .pixels, tilePixels: { Depthwise.tilePixels($0) }, scratchBytes: { _, _ in 0 },
      compute: { Depthwise.convolve($0.pointee, $1.pointee, $2) })
    planeToFloat = ConvolutionKernel(
      name: name, cutting: Dense.cutting, tilePixels: { Dense.tilePixels($0) },
      scratchBytes: { Dense.scratchBytes($0, pixels: $1) }, compute: { Dense.convolve($0.pointee, $1.pointee, $2) })
    let groupedName = ISA.kernelName(GroupedConvolution<Lanes, RangeDot, rangeGroups>.name)
    groupedToInt8 = ConvolutionKernel(
      name: groupedName, cutting: .pixels,
      tilePixels: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.tilePixels($0) },
      scratchBytes: { _, _ in 0 },
      compute: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.convolve($0.pointee, $1.pointee, $2) })
    groupedToInt16 = ConvolutionKernel(
      name: groupedName, cutting: .pixels,
      tilePixels: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.tilePixels($0) },
      scratchBytes: { _, _ in 0 },
      compute: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.convolve($0.pointee, $1.pointee, $2) })
    groupedToFloat = ConvolutionKernel(
      name: groupedName, cutting: .pixels,
      tilePixels: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.tilePixels($0) },
      scratchBytes: { _, _ in 0 },
      compute: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.convolve($0.pointee, $1.pointee, $2) })
    if Dense.leavesOutBorder {
      fillBorderBiases = { layer, pixel, bias, blocks, biases in
        Dense.fillBorderBiases(layer, pixel: pixel, bias: bias, blocks: blocks, to: biases)
      }
    } else {
      fillBorderBiases = nil
    }
    repeatDots = { Dense.repeatDots(rounds: $0) }
  }
}
