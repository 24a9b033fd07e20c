import SIMDKernels

/// A branch's sums over pixels for squeeze-and-excitation: [range of pixels][channel], each range summed by the part
/// that has just computed it.
struct BranchSums {
  let branch: Plane<Int16>
  let sums: UnsafeMutablePointer<Int32>
  let pixelParts: Int

  /// The pass that sums up a slice, the `pixelPart`-th of its blocks.
  func pass(_ slice: ConvolutionSlice, pixelPart: Int) -> ChannelSums {
    ChannelSums(
      values: branch.base + slice.pixels.lowerBound * branch.channels, pixels: slice.pixels.count,
      channels: branch.channels, sums: sums + pixelPart * branch.channels)
  }

  /// Fills `means` with all ranges' sums of each channel, times the channel's scale.
  func fillMeans(_ means: UnsafeMutablePointer<Float>, scale: UnsafePointer<Float>) {
    for channel in 0..<branch.channels {
      var sum: Int32 = 0
      for part in 0..<pixelParts { sum += sums[part * branch.channels + channel] }
      means[channel] = Float(sum) * scale[channel]
    }
  }
}
