import Checkpoint
import FaceDetection
import QuantRuntime

/// A detector from an ONNX file, recognised by the channels that its outputs have at each stride.
///
/// What its family's networks are fed counts as known, unless the file itself is.
///
/// - Returns: nil where the network is none of a detector that faceq knows.
/// - Throws: one message that names the file.
package func importNetworkDetector(path: FilePath) throws(FaceqError) -> DetectorModel? {
  var imported = try importONNX(path: path)
  guard let form = try DetectorForm(imported.graph) else { return nil }
  if imported.known == nil {
    let (channels, mean, deviation) = form.family.input
    imported = try importONNX(
      path: path,
      choice: PixelFormatChoice(
        channels: channels, mean: [mean, mean, mean], deviation: [deviation, deviation, deviation]))
  }
  let graph = imported.graph.insertingCopies()
  return DetectorModel(
    .float(graph), form.rule,
    ModelDescription(
      architecture: form.family.rawValue, parameters: imported.parameters,
      source: ModelDescription.Source(name: imported.sourceName, sha256: imported.sourceSHA256), isStandIn: false))
}
