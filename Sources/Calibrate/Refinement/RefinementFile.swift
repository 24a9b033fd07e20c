import CSystem
import QuantRuntime

/// The layers refined so far, in a file beside the model to be written, so that an interrupted calibration goes on
/// where it was. What such a file holds for another calibration (`key`) is not used.
struct RefinementFile {
  private static let keyName = "faceq.refinement.key"
  private static let countName = "faceq.refinement.layers"
  let path: FilePath
  /// Says which calibration it is of.
  let key: String

  /// The refined ones of `layers`, from the first on; empty where there is no file of this calibration.
  func load(_ layers: [LayerScales]) -> [RefinedLayer] {
    do throws(FaceqError) {
      let file = try GGUFFile(path: path)
      guard try file.string(Self.keyName) == key else { return [] }
      try file.verifyTensors()
      let count = min(try file.unsigned(Self.countName), layers.count)
      var refined: [RefinedLayer] = []
      for index in 0..<count {
        let layer = RefinedLayer(
          values: try read(file, "\(index).values"), steps: try read(file, "\(index).steps"),
          bias: try read(file, "\(index).bias"))
        let unit = layers[index].unit
        guard layer.values.count == unit.weights.count, layer.steps.count == unit.bias.count,
          layer.bias.count == unit.bias.count
        else { return [] }
        refined.append(layer)
      }
      return refined
    } catch {
      return []
    }
  }

  private func read<Element: GGUFElement & BitwiseCopyable>(
    _ file: GGUFFile, _ name: String
  ) throws(FaceqError) -> [Element] {
    let tensor = try file.tensor(name)
    guard tensor.type == Element.tensorType else { throw FaceqError("\(path): \(name) is of another type") }
    return [Element](tensor.bytes.bindMemory(to: Element.self))
  }

  func save(_ refined: [RefinedLayer]) throws(FaceqError) {
    var writer = GGUFWriter()
    writer.set(Self.keyName, .string(key))
    writer.set(Self.countName, .uint32(UInt32(refined.count)))
    for (index, layer) in refined.enumerated() {
      writer.add("\(index).values", dimensions: [layer.values.count], layer.values)
      writer.add("\(index).steps", dimensions: [layer.steps.count], layer.steps)
      writer.add("\(index).bias", dimensions: [layer.bias.count], layer.bias)
    }
    try writer.write(to: path)
  }
}

/// Removes the file that an interrupted calibration would have gone on from, where there is one.
public func removeWorkFile(_ path: FilePath) { _ = path.withCString { unlink($0) } }
