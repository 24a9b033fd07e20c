/// A run of blocks of one width and resolution.
struct Stage: Equatable {
  var width: Int
  var blocks: Int

  /// `ir_se50` where the stages are those of a published network, else `ir_se (8 blocks)`.
  ///
  /// - Parameter published: blocks per stage, of 64, 128, 256 and 512 channels, by the network's number.
  static func name(family: String, _ stages: [Stage], published: [String: [Int]]) -> String {
    for (number, blocks) in published {
      let widths = [64, 128, 256, 512]
      if stages == zip(widths, blocks).map({ Stage(width: $0, blocks: $1) }) { return family + number }
    }
    return "\(family) (\(stages.reduce(0) { $0 + $1.blocks }) blocks)"
  }
}
