/// The scales at which the proposal network, whose window is 12 pixels, sees a picture: from the one that makes a face
/// of `minimumFace` pixels fill the window down to the one where the picture's shorter side does.
/// - Parameters:
///   - minimumFace: In pixels, at least 1.
///   - factor: Each scale by the one before, between 0 and 1.
public func pyramidScales(width: Int, height: Int, minimumFace: Int = 20, factor: Double = 0.709) -> [Double] {
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

extension RGBImage {
  /// The whole picture at `scale` as a network sees it.
  func networkInput(scale: Double) -> NetworkInput {
    NetworkInput(
      self, rows: 0..<height, columns: 0..<width, width: Int(Double(width) * scale + 1),
      height: Int(Double(height) * scale + 1))
  }
}
