import SIMDKernels

/// One entry of an `Int8Program`: kernel calls on planned memory, cut into parts that may run in any order.
///
/// A step that writes what a convolution reads also fills the border around it.
enum Int8Step {
  case image(Plane<Int16>, RangeSplit)
  case int8ToInt8(ConvolutionLayer, Int8Output, ConvolutionSplit, BorderFill<Int8>)
  case int8ToInt16(ConvolutionLayer, Int16Output, ConvolutionSplit, Int16Extra)
  case int8ToFloat(ConvolutionLayer, DequantisedOutput, ConvolutionSplit)
  case int16ToInt8(ConvolutionLayer, Int8Output, ConvolutionSplit, BorderFill<Int8>)
  case int16ToInt16(ConvolutionLayer, Int16Output, ConvolutionSplit, Int16Extra)
  case int16ToFloat(ConvolutionLayer, DequantisedOutput, ConvolutionSplit)
  case winogradToInt8(WinogradConvolution, Int8Output, BorderFill<Int8>)
  case winogradToInt16(WinogradConvolution, Int16Output, Int16Extra)
  case depthwiseInt8ToInt8(DepthwiseLayer, Int8Output, ConvolutionSplit, BorderFill<Int8>)
  case depthwiseInt8ToInt16(DepthwiseLayer, Int16Output, ConvolutionSplit, Int16Extra)
  case depthwiseInt16ToInt8(DepthwiseLayer, Int8Output, ConvolutionSplit, BorderFill<Int8>)
  case depthwiseInt16ToInt16(DepthwiseLayer, Int16Output, ConvolutionSplit, Int16Extra)
  case squeezeExcite(SqueezeExciteGate, BranchSums, meanScale: UnsafePointer<Float>)
  case update(TrunkUpdate, RangeSplit)
  case quantise(TrunkQuantisation, RangeSplit, BorderFill<Int8>)
  /// Both, row by row, while the trunk's row is in the cache.
  case updateAndQuantise(TrunkUpdate, TrunkQuantisation, RangeSplit, BorderFill<Int8>)
  /// As `quantise` and `updateAndQuantise`, for a convolution that reads int16.
  case scale(TrunkScaling, RangeSplit, BorderFill<Int16>)
  case updateAndScale(TrunkUpdate, TrunkScaling, RangeSplit, BorderFill<Int16>)
  case normalise
  case tap(Tap, Plane<Int16>, channels: Int, scale: UnsafePointer<Float>)
  case inputTap(Tap, Plane<Int8>, channels: Int, zero: UnsafePointer<Int8>)

  var parts: Int {
    switch self {
    case .int8ToInt8(_, _, let split, _), .int8ToInt16(_, _, let split, _), .int8ToFloat(_, _, let split),
      .int16ToInt8(_, _, let split, _), .int16ToInt16(_, _, let split, _), .int16ToFloat(_, _, let split),
      .depthwiseInt8ToInt8(_, _, let split, _), .depthwiseInt8ToInt16(_, _, let split, _),
      .depthwiseInt16ToInt8(_, _, let split, _), .depthwiseInt16ToInt16(_, _, let split, _):
      split.parts
    case .image(_, let split), .update(_, let split), .quantise(_, let split, _),
      .updateAndQuantise(_, _, let split, _),
      .scale(_, let split, _), .updateAndScale(_, _, let split, _):
      split.parts
    case .winogradToInt8(let winograd, _, _), .winogradToInt16(let winograd, _, _): winograd.parts
    case .squeezeExcite, .normalise, .tap, .inputTap: 1
    }
  }
}

/// What a step that writes int16 does besides: nothing for the trunk, sums for a branch with squeeze-and-excitation, a
/// border for what a convolution reads.
enum Int16Extra {
  case nothing
  case sums(BranchSums)
  case border(BorderFill<Int16>)
}

/// What a convolution reads, which its weights decide.
enum Activations {
  case int8(Plane<Int8>)
  case int16(Plane<Int16>)

  var height: Int {
    switch self {
    case .int8(let plane): plane.height
    case .int16(let plane): plane.height
    }
  }

  var width: Int {
    switch self {
    case .int8(let plane): plane.width
    case .int16(let plane): plane.width
    }
  }

  /// How kernels lay out the scratch memory of convolutions that read this.
  func interleaving(_ kernels: KernelTable) -> Interleaving? {
    switch self {
    case .int8: kernels.interleaving
    case .int16: kernels.int16Interleaving
    }
  }

  /// The layer that slides `geometry`'s kernel over this, for what does not depend on weights.
  func layer(_ geometry: ConvolutionGeometry) -> ConvolutionLayer {
    switch self {
    case .int8(let plane): plane.layer(geometry, weights: UnsafeRawPointer(plane.base))
    case .int16(let plane): plane.layer(geometry, weights: UnsafeRawPointer(plane.base))
    }
  }

  var arithmetic: LayerDescription.Arithmetic {
    switch self {
    case .int8: .int8
    case .int16: .int16
    }
  }
}

/// A branch's sums over pixels for squeeze-and-excitation: [range of pixels][channel], each range summed by the part
/// that has just computed it.
struct BranchSums {
  let branch: Plane<Int16>
  let sums: UnsafeMutablePointer<Int32>
  let pixelParts: Int

  /// What sums up a slice, the `pixelPart`-th of its blocks.
  func pass(_ slice: ConvolutionSlice, pixelPart: Int) -> ChannelSums {
    ChannelSums(
      values: branch.base + slice.pixels.lowerBound * branch.channels, pixels: slice.pixels.count,
      channels: branch.channels, sums: sums + pixelPart * branch.channels)
  }

  /// All ranges' sums of a channel, times its scale.
  func fillMeans(_ means: UnsafeMutablePointer<Float>, scale: UnsafePointer<Float>) {
    for channel in 0..<branch.channels {
      var sum: Int32 = 0
      for part in 0..<pixelParts { sum += sums[part * branch.channels + channel] }
      means[channel] = Float(sum) * scale[channel]
    }
  }
}
