import FaceqSupport
import QuantRuntime

/// A network from an ONNX file as a graph, and what is known of it.
package struct ImportedONNX: Sendable {
  package var graph: Graph<FloatLayer>
  /// For each of the graph's outputs its name in the file; of an output that several scales are put together to,
  /// each scale is one, called NAME.0, NAME.1, ….
  package var outputNames: [String]
  package var input: InputContract
  /// Nil for a file that is not in the table of published ones.
  package var known: KnownModel?
  /// Numbers in its layers.
  package var parameters: Int
  package var sourceName: String
  /// Of the whole file, in lower-case hexadecimal.
  package var sourceSHA256: String
}

/// Reads an ONNX file as a graph in the form that the engines want.
///
/// A network whose one output is a vector is one for embeddings, and its graph ends in their normalisation.
///
/// - Parameters:
///   - choice: what the user knows of the input.
///   - size: the picture's size, where the file leaves it open or shall not decide.
/// - Throws: one message that names the file and, where nodes do not fit, each of them.
package func importONNX(
  path: FilePath, choice: PixelFormatChoice = PixelFormatChoice(), size: Size? = nil
) throws(FaceqError) -> ImportedONNX { try importONNX(CheckpointFile(path: path), choice, size) }

func importONNX(
  _ file: CheckpointFile, _ choice: PixelFormatChoice, _ size: Size?
) throws(FaceqError) -> ImportedONNX {
  let model = try ONNXModel(file)
  var operators = try model.operators(size: size.map { RowsAndColumns(rows: $0.height, columns: $0.width) })
  let entry = operators.removeEntryNormalisation()
  let sha256 = file.sha256()
  let known = KnownModel.of(sha256: sha256)
  let input = InputContract(known: known, entry: entry, choice: choice)

  let shape = operators.shapes[OperatorGraph.image]
  let (rows, columns) = shape[1] == 3 ? (shape[2], shape[3]) : (shape[1], shape[2])
  let format = ImageFormat(
    height: rows, width: columns, channels: input.channels, mean: input.mean, deviation: input.deviation)
  var graphImport = GraphImport(operators, image: format, storedBytes: model.storedBytes)
  let faults = graphImport.addOperations()
  guard faults.isEmpty else { throw faults.error(file) }

  var builder = graphImport.builder
  var outputs = graphImport.outputs
  if outputs.count == 1, graphImport.extent(of: outputs[0].node).pixels == 1,
    builder.nodes[outputs[0].node].operation != .normalise
  {
    outputs[0].node = builder.add("embedding", .normalise, [outputs[0].node])
  }
  var graph = Graph(nodes: builder.nodes, outputs: outputs.map(\.node))
  do {
    try graph.check()
    graph = try graph.simplified().mergingSiblings().insertingCopies()
  } catch { throw file.error("does not fit what faceq computes: \(error.message)") }
  return ImportedONNX(
    graph: graph, outputNames: outputs.map(\.name), input: input, known: known,
    parameters: graph.nodes.reduce(0) { $0 + ($1.layer?.tensors.reduce(0) { $0 + $1.count } ?? 0) },
    sourceName: file.name, sourceSHA256: sha256)
}
