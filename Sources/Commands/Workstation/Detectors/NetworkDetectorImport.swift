import Checkpoint
import FaceDetection
import FaceqSupport
import QuantRuntime

/// The detector that an ONNX file holds, recognised by the channels that its outputs have at each stride.
///
/// What its family's networks are fed counts as known, unless the file itself is, and the user's choice above all.
///
/// - Parameters:
///   - imported: the file as it was read.
///   - path: where it is, for reading it once more as its family's.
/// - Returns: nil where the network is none of a detector that faceq knows.
/// - Throws: one message that names the file.
package func networkDetector(
  _ imported: ImportedONNX, path: FilePath, _ choice: ImportChoice = ImportChoice()
) throws(FaceqError) -> DetectorModel? {
  guard let form = try DetectorForm(imported.graph) else { return nil }
  var imported = imported
  if imported.known == nil {
    let (channels, mean, deviation) = form.family.input
    let fed = PixelFormatChoice(
      channels: choice.pixels.channels ?? channels, mean: choice.pixels.mean ?? [mean, mean, mean],
      deviation: choice.pixels.deviation ?? [deviation, deviation, deviation])
    imported = try importONNX(path: path, choice: fed, size: choice.size)
  }
  return DetectorModel(
    .float(imported.graph), form.rule,
    ModelDescription(
      architecture: form.family.rawValue, parameters: imported.parameters, source: imported.source,
      licence: choice.licence ?? imported.known?.licence, isStandIn: false))
}
