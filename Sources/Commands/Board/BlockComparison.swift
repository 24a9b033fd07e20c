import FaceqSupport
import QuantRuntime

/// Compares what the additions of two models write: in a residual network, the trunk after every block.
struct BlockComparison {
  /// Enough for figures that hardly move any more, and few enough not to slow a long measurement.
  static let imageLimit = 16

  private let reference: EmbeddingSession
  private let session: EmbeddingSession
  private let additions: [Int]
  /// Of the additions.
  let names: [String]

  /// - Throws: where the two are not the same network.
  init(reference: Model, model: Model, _ options: RunOptions) throws(FaceqError) {
    // One of them may have been imported for another order of channels.
    guard reference.topology.nodes.dropFirst() == model.topology.nodes.dropFirst() else {
      throw differentNetworks(reference, model)
    }
    additions = model.topology.additions
    names = additions.map { model.topology.label($0) }
    self.reference = try options.session(reference, observing: true)
    session = try options.session(model, observing: true)
  }

  /// The signal-to-noise ratio after every addition in dB, over all of `images` (RGB pixels).
  func decibels(of images: [[UInt8]]) throws(FaceqError) -> [Double] {
    var noise = BlockNoise(blocks: additions.count)
    for pixels in images {
      let (wanted, values) = (try sums(reference, pixels), try sums(session, pixels))
      for index in additions.indices { noise.add(block: index, reference: wanted[index], values: values[index]) }
    }
    return noise.decibels
  }

  private func sums(_ session: EmbeddingSession, _ pixels: [UInt8]) throws(FaceqError) -> [[Float]] {
    var sums = [[Float]](repeating: [], count: additions.count)
    _ = try session.embed(pixels) { values in
      if let index = additions.firstIndex(of: values.node) { sums[index] = values.values() }
    }
    return sums
  }
}

private func differentNetworks(_ reference: Model, _ model: Model) -> FaceqError {
  FaceqError(
    "\(model.path) (\(model.description.architecture)) is another network than \(reference.path) "
      + "(\(reference.description.architecture)); compare a model with the float model that it was made from")
}
