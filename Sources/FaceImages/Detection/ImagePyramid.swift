/// The scales at which the proposal network, whose window is 12 pixels, sees a picture: from the one that makes a face
/// of `minimumFace` pixels fill the window down to the one where the picture's shorter side does.
/// - Parameters:
///   - minimumFace: the smallest face, in pixels, at least 1.
///   - factor: the quotient of each scale and the one before it, between 0 and 1.
package func pyramidScales(width: Int, height: Int, minimumFace: Int = 20, factor: Double = 0.709) -> [Double] {
  precondition(minimumFace >= 1 && factor > 0 && factor < 1, "a positive size and a factor between 0 and 1 are needed")
  var scales: [Double] = []
  var scale = Double(ProposalMap.window) / Double(minimumFace)
  var shorterSide = Double(min(width, height)) * scale
  while shorterSide >= Double(ProposalMap.window) {
    scales.append(scale)
    scale *= factor
    shorterSide *= factor
  }
  return scales
}

/// A part of a level of the pyramid, as wide as the level: the proposal network sees one after the other, so that its
/// memory does not grow with the picture.
struct PyramidBand {
  /// The rows of the level that the band holds. Bands begin an even number of rows apart, and overlap.
  var rows: Range<Int>

  var firstMapRow: Int { rows.lowerBound / ProposalMap.step }
}

extension RGBImage {
  /// The whole picture's size at `scale`.
  private func level(_ scale: Double) -> (width: Int, height: Int) {
    (Int(Double(width) * scale + 1), Int(Double(height) * scale + 1))
  }

  /// The bands of about 2¹⁷ pixels whose windows together are all windows of the level.
  func bands(scale: Double) -> [PyramidBand] {
    let (width, height) = level(scale)
    let step = max(8, (1 << 17) / width / ProposalMap.step) * ProposalMap.step
    // A band's windows begin in its first `step` rows.
    let overlap = ProposalMap.window - ProposalMap.step
    var bands: [PyramidBand] = []
    var first = 0
    while first + step + overlap < height {
      bands.append(PyramidBand(rows: first..<first + step + overlap))
      first += step
    }
    bands.append(PyramidBand(rows: first..<height))
    return bands
  }

  /// A band of the picture at `scale` as a network sees it.
  func networkInput(scale: Double, band: PyramidBand) -> NetworkInput {
    let (width, height) = level(scale)
    return NetworkInput(
      self, rows: 0..<self.height, columns: 0..<self.width, width: width, height: height, part: band.rows)
  }
}
