import FaceqSupport
import QuantRuntime

/// Reads a checkpoint and recognises its network: IR, IR-SE, iresnet or MobileFaceNet.
///
/// - Parameter path: a file that `StateDict(path:)` reads.
/// - Throws: an error that names the file; for tensors that do not fit, a list of all of them.
package func importCheckpoint(
  path: FilePath, _ choice: ImportChoice = ImportChoice()
) throws(FaceqError) -> ImportedNetwork {
  let file = try CheckpointFile(path: path)
  let contents = try CheckpointContents(file)
  let place = try NetworkSearch(contents, choice.size).place(choice.tensors)
  let plan = try place.plan.reading(choice.pixels)
  let state = try contents.state(place.dictionary, prefix: place.prefix)
  do { _ = try plan.graph.shapes() } catch {
    let image = try plan.graph.image
    throw file.error("does not fit pictures of \(image.height)×\(image.width): \(error.message)")
  }
  return ImportedNetwork(
    graph: try NetworkBuilder(state: state).build(plan).simplified().insertingCopies(), architecture: plan.architecture,
    parameters: plan.tensors.filter(\.isLearnable).reduce(0) { $0 + (state[$1.name]?.count ?? 0) },
    place: place.name, contract: plan.contract,
    source: ModelDescription.Source(name: file.name, sha256: file.sha256()), licence: choice.licence)
}

/// Whether a file is an ONNX file, by its contents.
package func isONNX(path: FilePath) throws(FaceqError) -> Bool { ONNXModel.isFormat(try CheckpointFile(path: path)) }

extension ImportedONNX {
  /// The network for embeddings that the file holds.
  ///
  /// - Throws: an error that names the file, where it holds another one.
  package func embedder(path: FilePath, _ choice: ImportChoice = ImportChoice()) throws(FaceqError) -> ImportedNetwork {
    guard choice.tensors == nil else {
      throw FaceqError("\(path) is an ONNX file, which holds one network; name no place in it")
    }
    guard graph.outputs.count == 1, try graph.shapes()[graph.outputs[0]].pixels == 1 else {
      throw FaceqError(
        "\(path) is no network for embeddings: \(outcome), and an embedding is one vector; nor has it the outputs of a "
          + "face detector that faceq knows (YuNet, SCRFD, CenterFace)")
    }
    return ImportedNetwork(
      graph: graph, architecture: known?.name ?? escapedText(path.stem), parameters: parameters, contract: input.reason,
      source: source, licence: choice.licence ?? known?.licence)
  }

  /// The file, and who published it, where that is known.
  package var source: ModelDescription.Source {
    ModelDescription.Source(name: sourceName, sha256: sourceSHA256, origin: known?.source)
  }

  /// What it hands out, for messages.
  private var outcome: String {
    outputNames.count > 1
      ? "it has the outputs \(outputNames.prefix(12).map(printable).joined(separator: ", "))"
      : "it hands out a map"
  }
}
