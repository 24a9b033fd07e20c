import QuantRuntime

/// Compares the trunks of two models behind every block.
struct BlockComparison {
  /// Enough for figures that hardly move any more, and few enough not to slow a long measurement.
  static let imageLimit = 16

  private let reference: EmbeddingSession
  private let session: EmbeddingSession
  private let blocks: Int

  /// - Throws: where the two do not have the same number of blocks.
  init(reference: Model, model: Model, _ options: RunOptions) throws(FaceqError) {
    guard reference.blockCount == model.blockCount else {
      throw differentNetworks(reference, model)
    }
    blocks = model.blockCount
    self.reference = try options.session(reference, observing: true)
    session = try options.session(model, observing: true)
  }

  /// The signal-to-noise ratio behind every block in dB, over all of `images` (RGB pixels).
  func decibels(of images: [[UInt8]]) throws(FaceqError) -> [Double] {
    var noise = BlockNoise(blocks: blocks)
    for pixels in images {
      let (wanted, values) = (try trunks(reference, pixels), try trunks(session, pixels))
      for block in 0..<blocks {
        guard wanted[block].count == values[block].count else {
          throw differentNetworks(reference.model, session.model)
        }
        noise.add(block: block, reference: wanted[block], values: values[block])
      }
    }
    return noise.decibels
  }

  private func trunks(_ session: EmbeddingSession, _ pixels: [UInt8]) throws(FaceqError) -> [[Float]] {
    var trunks = [[Float]](repeating: [], count: blocks)
    _ = try session.embed(pixels) { activations in
      if case .trunk(let block) = activations.tap { trunks[block] = activations.values() }
    }
    return trunks
  }
}

private func differentNetworks(_ reference: Model, _ model: Model) -> FaceqError {
  FaceqError(
    "\(model.path) (\(model.description.architecture)) is another network than \(reference.path) "
      + "(\(reference.description.architecture)); compare a model with the float model that it was made from")
}
