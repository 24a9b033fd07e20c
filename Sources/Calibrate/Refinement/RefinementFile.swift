import CSystem
import FaceqSupport

/// The layers refined so far, by the names of their nodes, in a file beside the model to be written, so that an
/// interrupted calibration goes on where it was. What such a file holds for another calibration (`key`) is not used.
package struct RefinementFile {
  private static let keyName = "faceq.refinement.key"
  let path: FilePath
  private let key: String

  /// - Parameter key: says which calibration it is of.
  package init(path: FilePath, key: String) {
    self.path = path
    self.key = key
  }

  /// The refined ones of `layers`, from the first on; empty where there is no file of this calibration.
  package func load(_ layers: [LayerScales]) -> [RefinedLayer] {
    do throws(FaceqError) {
      let file = try GGUFFile(path: path)
      guard try file.string(Self.keyName) == key else { return [] }
      try file.verifyTensors()
      var refined: [RefinedLayer] = []
      for layer in layers.prefix(while: { file.tensorIfPresent($0.name + ".values") != nil }) {
        let found = RefinedLayer(
          values: try read(file, layer.name + ".values"), steps: try read(file, layer.name + ".steps"),
          bias: try read(file, layer.name + ".bias"))
        guard found.values.count == layer.weights.weights.count, found.steps.count == layer.weights.outputs,
          found.bias.count == layer.weights.outputs, found.isPossible
        else { return [] }
        refined.append(found)
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

  /// - Parameter refined: the first ones of `layers`.
  package func save(_ refined: [RefinedLayer], of layers: [LayerScales]) throws(FaceqError) {
    var writer = GGUFWriter()
    writer.set(Self.keyName, .string(key))
    for (found, layer) in zip(refined, layers) {
      writer.add(layer.name + ".values", dimensions: [found.values.count], found.values)
      writer.add(layer.name + ".steps", dimensions: [found.steps.count], found.steps)
      writer.add(layer.name + ".bias", dimensions: [found.bias.count], found.bias)
    }
    try writer.write(to: path)
  }
}

extension RefinedLayer {
  /// Whether a calibration could have written it: its biases are integers of their steps, and small enough for sums.
  fileprivate var isPossible: Bool {
    guard !values.contains(-128) else { return false }
    return zip(bias, steps).allSatisfy { bias, step in
      let integer = Double(bias) / Double(step)
      return step > 0 && step.isFinite && abs(integer) <= 1_073_741_824
    }
  }
}

/// Removes the file that an interrupted calibration would have gone on from, where there is one.
package func removeWorkFile(_ path: FilePath) { _ = path.withCString { unlink($0) } }
