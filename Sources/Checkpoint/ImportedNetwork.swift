import QuantRuntime

/// A network and where it came from.
package struct ImportedNetwork: Sendable {
  /// As the engine takes it: simplified, and with the copies that a quantised one needs.
  package var graph: Graph<FloatLayer>
  /// `ir_se50`, `ir50`, `ir_se100`, `iresnet50`, `mobilefacenet`, …, or `ir_se (8 blocks)` where no published network
  /// has this depth and these widths.
  package var architecture: String
  /// Learnable values in the checkpoint: weights, biases, slopes; not BatchNorm's running statistics.
  package var parameters: Int
  /// Where in the checkpoint the network was found: `state_dict.model`, or a dot for the file's own dictionary.
  package var place: String
  /// The checkpoint file's name, without its folder.
  package var sourceName: String
  /// Of the whole file, in lower-case hexadecimal.
  package var sourceSHA256: String
}

/// Reads a checkpoint and recognises its network.
///
/// - Parameters:
///   - path: a file that `StateDict(path:)` reads, of IR, IR-SE, iresnet or MobileFaceNet.
///   - tensors: the place of the network in the file, as `ImportedNetwork.place` names it; nil takes the only one.
///   - channels: the channel order the network was trained with; nil takes the architecture's own: BGR for IR and IR-SE
///     under InsightFace_Pytorch's names, whose data loader swaps channels, RGB for the others.
/// - Throws: an error that names the file; for tensors that do not fit, a list of all of them.
package func importCheckpoint(
  path: FilePath, tensors: String? = nil, channels: ImageFormat.ChannelOrder? = nil
) throws(FaceqError) -> ImportedNetwork {
  let file = try CheckpointFile(path: path)
  let contents = try CheckpointContents(file)
  let place = try NetworkSearch(contents).place(tensors)
  let state = try contents.state(place.dictionary, prefix: place.prefix)
  var graph = try NetworkBuilder(state: state).build(place.plan)
  if let channels { graph = try graph.reading(channels) }
  return ImportedNetwork(
    graph: try graph.simplified().insertingCopies(), architecture: place.plan.architecture,
    parameters: place.plan.tensors.filter(\.isLearnable).reduce(0) { $0 + (state[$1.name]?.count ?? 0) },
    place: place.name, sourceName: file.name, sourceSHA256: file.sha256())
}

extension Graph {
  /// The graph for pictures whose channels have another order.
  fileprivate func reading(_ channels: ImageFormat.ChannelOrder) throws(FaceqError) -> Graph {
    var (graph, image) = (self, try image)
    image.channels = channels
    graph.nodes[0].operation = .image(image)
    return graph
  }
}
