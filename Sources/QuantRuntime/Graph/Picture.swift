extension Graph {
  /// For each value whether it is the picture as it was fed: the image, and of floats plain copies of it.
  func pictures(isFloat: Bool) -> [Bool] {
    var isPicture = nodes.map { _ in false }
    isPicture[0] = true
    guard isFloat else { return isPicture }
    for (index, node) in nodes.enumerated() where node.operation.isPlainCopy {
      isPicture[index] = isPicture[node.inputs[0]]
    }
    return isPicture
  }

  /// With how many channels the picture is stored: 3 floats or 4 int16 where only dense convolutions read it, and 16
  /// where something else does.
  func pictureChannels(isFloat: Bool) -> Int {
    let isPicture = pictures(isFloat: isFloat)
    for (index, node) in nodes.enumerated() where !isPicture[index] && node.inputs.contains(where: { isPicture[$0] }) {
      switch node.operation {
      case .convolution(let convolution) where convolution.grouping == .dense: continue
      case .linear: continue
      default: return 16
      }
    }
    return outputs.contains { isPicture[$0] } ? 16 : isFloat ? 3 : 4
  }
}
