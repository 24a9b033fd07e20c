import SIMDKernels

/// A value's sums over its pixels: [range of pixels][channel], each range summed up by the part of a step that has just
/// computed it.
struct PixelSums {
  let plane: Plane
  let sums: UnsafeMutablePointer<Int32>
  let ranges: Int

  /// The pass that sums up a slice, the `range`-th of its blocks. The plane is contiguous.
  func pass(_ slice: ConvolutionSlice, range: Int) -> PlaneSums<Int32> {
    PlaneSums(
      input: InputPlane(
        base: UnsafeRawPointer(plane.interior + slice.pixels.lowerBound * plane.pixelBytes),
        pixelBytes: plane.pixelBytes, rowBytes: 0), height: 1, width: slice.pixels.count,
      sums: sums + range * plane.storedChannels)
  }

  /// Fills `means` with all ranges' sums of each channel, times the channel's scale.
  func fillMeans(_ means: UnsafeMutablePointer<Float>, scale: UnsafePointer<Float>) {
    for channel in 0..<plane.storedChannels {
      var sum: Int32 = 0
      for range in 0..<ranges { sum += sums[range * plane.storedChannels + channel] }
      means[channel] = Float(sum) * scale[channel]
    }
  }

  /// Adds all ranges to the first.
  func addUp() {
    for range in 1..<ranges {
      for channel in 0..<plane.storedChannels { sums[channel] += sums[range * plane.storedChannels + channel] }
    }
  }
}
