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
  ///   - depthwise: the products of depthwise convolutions.
  ///   - grouped: how grouped convolutions are computed.
  @inlinable @inline(__always)
  public init<
    Arithmetics: KernelArithmetics, Dense: IntegerConvolutionWay, LinearDot: DotArithmetic, let linearGroups: Int,
    let linearVectors: Int, Depthwise: DepthwiseArithmetic, Lanes: GroupedWay, RangeDot: DotArithmetic,
    let rangeGroups: Int
  >(
    _: Arithmetics.Type, dense: Dense.Type, linear: DirectConvolution<LinearDot, linearGroups, linearVectors>.Type,
    depthwise: Depthwise.Type, grouped: GroupedConvolution<Lanes, RangeDot, rangeGroups>.Type
  ) where LinearDot.Sum == Int32, Depthwise.Sum == Int32, Lanes.Sum == Int32, RangeDot.Sum == Int32 {
    let name = Arithmetics.kernelName(Dense.name)
    toInt8 = ConvolutionKernel(
      name: name, cutting: Dense.cutting, tilePixels: { Dense.tilePixels($0) },
      scratchBytes: { Dense.scratchBytes($0, pixels: $1) }, compute: { Dense.convolve($0.pointee, $1.pointee, $2) })
    toInt16 = ConvolutionKernel(
      name: name, cutting: Dense.cutting, tilePixels: { Dense.tilePixels($0) },
      scratchBytes: { Dense.scratchBytes($0, pixels: $1) }, compute: { Dense.convolve($0.pointee, $1.pointee, $2) })
    toFloat = ConvolutionKernel(
      name: Arithmetics.kernelName(DirectConvolution<LinearDot, linearGroups, linearVectors>.name),
      tilePixels: { DirectConvolution<LinearDot, linearGroups, linearVectors>.tilePixels($0) },
      compute: { DirectConvolution<LinearDot, linearGroups, linearVectors>.convolve($0.pointee, $1.pointee, $2) })
    let depthwiseName = Arithmetics.kernelName("depthwise " + Depthwise.values.rawValue)
    depthwiseToInt8 = ConvolutionKernel(
      name: depthwiseName, cutting: .pixels, tilePixels: { _ in DepthwiseLayer.tilePixels },
      compute: { convolveDepthwise(Depthwise.self, $0.pointee, $1.pointee, $2) })
    depthwiseToInt16 = ConvolutionKernel(
      name: depthwiseName, cutting: .pixels, tilePixels: { _ in DepthwiseLayer.tilePixels },
      compute: { convolveDepthwise(Depthwise.self, $0.pointee, $1.pointee, $2) })
    depthwiseToFloat = ConvolutionKernel(
      name: depthwiseName, cutting: .pixels, tilePixels: { _ in DepthwiseLayer.tilePixels },
      compute: { convolveDepthwise(Depthwise.self, $0.pointee, $1.pointee, $2) })
    planeToFloat = ConvolutionKernel(
      name: name, cutting: Dense.cutting, tilePixels: { Dense.tilePixels($0) },
      scratchBytes: { Dense.scratchBytes($0, pixels: $1) }, compute: { Dense.convolve($0.pointee, $1.pointee, $2) })
    let groupedName = Arithmetics.kernelName(GroupedConvolution<Lanes, RangeDot, rangeGroups>.name)
    groupedToInt8 = ConvolutionKernel(
      name: groupedName, cutting: .pixels,
      tilePixels: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.tilePixels($0) },
      compute: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.convolve($0.pointee, $1.pointee, $2) })
    groupedToInt16 = ConvolutionKernel(
      name: groupedName, cutting: .pixels,
      tilePixels: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.tilePixels($0) },
      compute: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.convolve($0.pointee, $1.pointee, $2) })
    groupedToFloat = ConvolutionKernel(
      name: groupedName, cutting: .pixels,
      tilePixels: { GroupedConvolution<Lanes, RangeDot, rangeGroups>.tilePixels($0) },
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

/// The 3×3 convolutions of int8 as Winograd.
public struct WinogradKernels: Sendable {
  /// 1, or 2 where convolutions with stride 2 are computed, too.
  public var largestStride: Int
  /// Each call computes all pixels of a layer, for some blocks of output channels; so the number of pixels has no
  /// meaning.
  public var toInt8: ConvolutionKernel<WinogradLayer, Int8Output>
  public var toInt16: ConvolutionKernel<WinogradLayer, Int16Output>
  /// The largest Σ|w| of an output channel, of blocks of int8 weights packed in fours.
  public var largestWeightSum: @Sendable (UnsafeRawPointer, _ blocks: Int, _ blockBytes: Int) -> Int32

  @inlinable @inline(__always)
  public init<Arithmetics: KernelArithmetics>(_: Arithmetics.Type) {
    let name = Arithmetics.kernelName(Arithmetics.Winograd.name)
    largestStride = Arithmetics.Winograd.largestStride
    toInt8 = ConvolutionKernel(
      name: name, tilePixels: { _ in 1 }, scratchBytes: { layer, _ in Arithmetics.Winograd.scratchBytes(layer) },
      compute: { layer, output, slice in
        guard let scratch = slice.scratch else { return }
        Arithmetics.Winograd.convolve(layer.pointee, output.pointee, blocks: slice.blocks, scratch: scratch)
      })
    toInt16 = ConvolutionKernel(
      name: name, tilePixels: { _ in 1 }, scratchBytes: { layer, _ in Arithmetics.Winograd.scratchBytes(layer) },
      compute: { layer, output, slice in
        guard let scratch = slice.scratch else { return }
        Arithmetics.Winograd.convolve(layer.pointee, output.pointee, blocks: slice.blocks, scratch: scratch)
      })
    largestWeightSum = { SIMDKernels.largestWeightSum(Arithmetics.self, $0, blocks: $1, blockBytes: $2) }
  }
}
