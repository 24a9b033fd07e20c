import Commands
import FaceqSupport
import QuantRuntime

/// What all shards of a folder have in common: two workers whose manifests differ in anything would not do one work.
struct ShardManifest {
  /// A JSON object.
  let text: String

  /// - Parameter detector: nil where all images are aligned faces.
  init(_ list: ShardList, _ model: Model, detector: DetectorIdentity?, _ command: ShardsCommand) {
    let options = command.options
    let detection = options.detection
    text =
      JSONWriter.text { json in
        json.member("list", list.digest)
        json.member("images", list.images)
        json.member("images_per_shard", list.imagesPerShard)
        json.member("model", model.digest)
        json.member("precision", model.precision)
        json.member("embedding_size", model.embeddingSize)
        json.member("detector", detector.map { $0.digest })
        json.member("flip", command.flip)
        json.member("all_faces", command.allFaces)
        json.member("aligned", options.aligned)
        json.member("quality", options.quality.map { Double($0) }, digits: 9)
        json.member("minimum_face", detection.minimumFace)
        json.member("score", detection.score.map { Double($0) }, digits: 9)
        json.member("overlap", detection.overlap.map { Double($0) }, digits: 9)
        json.member("thresholds", detection.thresholds)
        json.member("cut_off", detection.allowsCutOff)
      } + "\n"
  }

  /// Fails where a folder's shards were begun with another manifest, and says in what they differ.
  ///
  /// - Parameter path: of the manifest that was written then.
  func check(_ path: FilePath) throws(FaceqError) {
    let file = try MappedFile(path: path)
    let theirs = withExtendedLifetime(file) { JSONContent(Array(file.bytes)) }
    guard case .object(let members) = JSONContent(text.utf8), let theirs else {
      throw FaceqError("\(path) is no manifest of shards; choose another folder")
    }
    for member in members where theirs.member(member.name) != member.value {
      throw FaceqError(
        "the shards beside \(path) are of another \(name(member.name)); choose another folder, or the list, the model, "
          + "the detector and the options with which they were begun")
    }
  }

  private func name(_ member: String) -> String {
    switch member {
    case "list", "images": "list of images"
    case "images_per_shard": "size"
    case "model", "precision", "embedding_size": "model"
    case "detector": "detector"
    default: "choice of \(member)"
    }
  }
}
