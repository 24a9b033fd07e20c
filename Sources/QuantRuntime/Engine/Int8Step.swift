import SIMDKernels

/// One entry of an `Int8Program`: kernel calls on planned memory, cut into parts that may run in any order.
///
/// A step that writes what a convolution reads also fills the border around it.
enum Int8Step {
  case image(Plane<Int16>)
  case int8ToInt8(ConvolutionLayer, Int8Output, ConvolutionSplit, BorderFill<Int8>)
  case int8ToInt16(ConvolutionLayer, Int16Output, ConvolutionSplit, BranchSums?)
  case int8ToFloat(ConvolutionLayer, DequantisedOutput, ConvolutionSplit)
  case int16ToInt8(ConvolutionLayer, Int8Output, ConvolutionSplit, BorderFill<Int8>)
  case int16ToInt16(ConvolutionLayer, Int16Output, ConvolutionSplit)
  case depthwiseToInt8(DepthwiseLayer, Int8Output, ConvolutionSplit, BorderFill<Int8>)
  case depthwiseToInt16(DepthwiseLayer, Int16Output, ConvolutionSplit, BranchSums?)
  case transformInput(WinogradPass)
  /// The last pass of a convolution fills the border.
  case transformedToInt8(WinogradPass, Int8Output, BorderFill<Int8>?)
  case transformedToInt16(WinogradPass, Int16Output)
  /// Of blocks of 16 channels.
  case sum(ChannelSums, RangeSplit)
  case squeezeExcite(SqueezeExciteGate, BranchSums, meanScale: UnsafePointer<Float>)
  case update(TrunkUpdate, RangeSplit)
  case quantise(TrunkQuantisation, RangeSplit, BorderFill<Int8>)
  /// Both, row by row, while the trunk's row is in the cache.
  case updateAndQuantise(TrunkUpdate, TrunkQuantisation, RangeSplit, BorderFill<Int8>)
  case normalise
  case tap(Tap, Plane<Int16>, channels: Int, scale: UnsafePointer<Float>)

  var parts: Int {
    switch self {
    case .int8ToInt8(_, _, let split, _), .int8ToInt16(_, _, let split, _), .int8ToFloat(_, _, let split),
      .int16ToInt8(_, _, let split, _), .int16ToInt16(_, _, let split), .depthwiseToInt8(_, _, let split, _),
      .depthwiseToInt16(_, _, let split, _):
      split.parts
    case .transformInput(let pass): pass.input.parts
    case .transformedToInt8(let pass, _, _), .transformedToInt16(let pass, _): pass.products.parts
    case .quantise(_, let split, _), .update(_, let split), .updateAndQuantise(_, _, let split, _), .sum(_, let split):
      split.parts
    case .image, .squeezeExcite, .normalise, .tap: 1
    }
  }
}

/// A branch's sums over pixels for squeeze-and-excitation: [range of pixels][channel], each range summed by the part that has
/// just computed it.
struct BranchSums {
  let branch: Plane<Int16>
  let sums: UnsafeMutablePointer<Int32>
  let pixelParts: Int

  /// What one part of the branch's last convolution sums up.
  func pass(_ part: Int, _ split: ConvolutionSplit) -> (ChannelSums, blocks: Range<Int>) {
    let slice = split.slice(part)
    let pass = ChannelSums(
      values: branch.base + slice.pixels.lowerBound * branch.channels, pixels: slice.pixels.count,
      channels: branch.channels, sums: sums + split.pixelPart(part) * branch.channels)
    return (pass, slice.blocks)
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
