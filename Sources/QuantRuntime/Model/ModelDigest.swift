import FaceqSupport

/// Stands for what decides a model's embeddings, and for nothing else: its precision, its input, its layers with their
/// geometry, and its weights. Names of files, where the weights are from, how the model was calibrated and what that
/// cost do not count.
///
/// docs/how-it-works/model-digest.md states the rule.
struct ModelDigest {
  /// 32 hexadecimal digits.
  let text: String

  init(_ file: GGUFFile) {
    var bytes = Array("faceq model digest 1\n".utf8)
    for (key, value) in file.metadata.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    where ModelDigest.decides(key) {
      bytes += Array("\(key)\n".utf8)
      bytes.append(value)
    }
    let order = file.tensors.indices.sorted {
      file.tensors[$0].name.utf8.lexicographicallyPrecedes(file.tensors[$1].name.utf8)
    }
    for index in order {
      let tensor = file.tensors[index]
      let shape = tensor.dimensions.map { "\($0)" }.joined(separator: " ")
      bytes += Array("\(tensor.name) \(tensor.type.rawValue) [\(shape)]\n".utf8)
      for number in file.checksum(ofTensor: index) { bytes.append(littleEndian: number) }
    }
    text = bytes.withUnsafeBytes { FletcherChecksum($0).digest }
  }

  /// Whether the metadata of `key` decides the embeddings.
  private static func decides(_ key: String) -> Bool {
    let others = [ModelKey.architecture, ModelKey.parameters, ModelKey.standIn, ModelKey.driftImages, ModelKey.drift]
    let groups = ["faceq.source.", "faceq.packed.", "faceq.calibration.", "faceq.self_test.", "faceq.checksum."]
    return key.utf8.starts(with: "faceq.".utf8) && !others.contains { $0.utf8.elementsEqual(key.utf8) }
      && !groups.contains { key.utf8.starts(with: $0.utf8) }
  }
}
