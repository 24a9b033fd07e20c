import QuantRuntime

/// A network and where it came from.
public struct ImportedNetwork: Sendable {
  public var network: Network
  /// `ir_se50`, `ir50`, `ir_se100`, `iresnet50`, `mobilefacenet`, …, or `ir_se (8 blocks)` where no published network
  /// has this depth and these widths.
  public var architecture: String
  /// Learnable values in the checkpoint: weights, biases, slopes; not BatchNorm's running statistics.
  public var parameters: Int
  /// The checkpoint file's name, without its folder.
  public var sourceName: String
  /// Of the whole file, in lower-case hexadecimal.
  public var sourceSHA256: String
}

/// Reads a checkpoint and recognises its network.
///
/// - Parameters:
///   - path: a file that `StateDict(path:)` reads, of IR, IR-SE, iresnet or MobileFaceNet.
///   - channels: the channel order the network was trained with; nil takes the architecture's own: BGR for IR and IR-SE
///     under InsightFace_Pytorch's names, whose data loader swaps channels, RGB for the others.
/// - Throws: an error that names the file; for tensors that do not fit, a list of all of them.
public func importCheckpoint(
  path: FilePath, channels: InputFormat.ChannelOrder? = nil
) throws(FaceqError) -> ImportedNetwork {
  let file = try CheckpointFile(path: path)
  let state = try StateDict(file)
  let plan = try recognise(state)
  try plan.check(state)
  var network = try NetworkBuilder(state: state).build(plan)
  if let channels { network.input.channels = channels }
  return ImportedNetwork(
    network: network, architecture: plan.architecture,
    parameters: plan.tensors.filter(\.isLearnable).reduce(0) { $0 + $1.shape.reduce(1, *) },
    sourceName: file.name, sourceSHA256: file.sha256())
}

private func recognise(_ state: StateDict) throws(FaceqError) -> NetworkPlan {
  let shapes = CheckpointShapes(state)
  for architecture in [ImprovedResidual.plan, InsightFaceResidual.plan, MobileFaceNet.plan] {
    if let plan = architecture(shapes) { return plan }
  }
  let examples = state.names.prefix(3).map(printable).joined(separator: ", ")
  throw state.file.error(
    "holds a network that faceq does not know (\(state.names.count) tensors: \(examples), …); it reads IR and IR-SE as "
      + "InsightFace_Pytorch names them, arcface_torch's iresnet and MobileFaceNet")
}
