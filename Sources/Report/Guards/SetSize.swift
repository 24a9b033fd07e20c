/// Whether a calibration set is large enough.
///
/// - Parameters:
///   - images: that the ranges are from.
///   - trend: drift against the number of images, where it was measured.
package func setSizeFinding(images: Int, trend: [TrendPoint] = []) -> Finding? {
  // The loss that twice as many images have saved shows what twice as many again could.
  if trend.count >= 2 {
    let (before, last) = (trend[trend.count - 2], trend[trend.count - 1])
    let saved = 1 - last.meanLoss / max(before.meanLoss, 1e-12)
    if saved > 0.1 {
      return Finding(
        .fewImages,
        "from \(before.images) to \(last.images) images the mean drift still fell by \(percentText(saved)); calibrate with more"
      )
    }
  }
  guard images < 32 else { return nil }
  return Finding(
    .fewImages,
    "the ranges are from \(images) images; with fewer than 32 unusual faces are clipped: calibrate with 100 to 500")
}
