import QuantRuntime

/// A network for embeddings, and where it came from.
package struct ImportedNetwork: Sendable {
  /// As the engine takes it: simplified, and with the copies that a quantised one needs.
  package var graph: Graph<FloatLayer>
  /// `ir_se50`, `ir50`, `ir_se100`, `iresnet50`, `mobilefacenet`, …, or `ir_se (8 blocks)` where no published network
  /// has this depth and these widths; of an ONNX file the name of a published one, or the file's own.
  package var architecture: String
  /// Learnable values in the file: weights, biases, slopes; not BatchNorm's running statistics.
  package var parameters: Int
  /// Where in a checkpoint the network was found: `state_dict.model`, or a dot for the file's own dictionary.
  package var place = "."
  /// Why the network is believed to want the input that the graph's image states.
  package var contract: String
  /// The file, its name without its folder.
  package var source: ModelDescription.Source
  package var licence: String?

  /// What a model file says about it.
  package var description: ModelDescription {
    ModelDescription(
      architecture: architecture, parameters: parameters, source: source, licence: licence, isStandIn: false)
  }
}
