extension RGBImage {
  /// The picture at another size, interpolated bilinearly between pixel centres as OpenCV's INTER_LINEAR does: for
  /// enlarging, and for shrinking by less than a half. Both sides must be positive.
  package func resized(width: Int, height: Int) -> RGBImage { resized(width: width, height: height, .bilinear) }

  /// The picture at a smaller size, every pixel being the mean of the area that it covers, as with OpenCV's INTER_AREA.
  /// Both sides must be positive.
  package func shrunk(width: Int, height: Int) -> RGBImage { resized(width: width, height: height, .coveredArea) }

  private func resized(width: Int, height: Int, _ kind: Resampling) -> RGBImage {
    let values = resampled(
      rows: 0..<self.height, columns: 0..<self.width, width: width, height: height,
      part: 0..<height, kind)
    return RGBImage(
      width: width, height: height, pixels: values.map { UInt8(min(max($0.rounded(), 0), 255)) })
  }
}
