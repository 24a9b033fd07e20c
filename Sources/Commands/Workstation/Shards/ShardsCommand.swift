import Commands
import FaceqSupport
import QuantRuntime

/// `embed --shards`: numbered NumPy files with their tables in a folder that any number of workers may share.
package struct ShardsCommand: Sendable {
  package var model: FilePath
  package var images: ImageInputs
  /// Whether each mirror image's embedding is added before the norm.
  package var flip: Bool
  /// Whether all faces of each photo are embedded, not only the largest one.
  package var allFaces: Bool
  package var folder: FilePath
  package var imagesPerShard: Int
  package var options: FaceOptions

  package init(
    model: FilePath, images: ImageInputs, flip: Bool, allFaces: Bool, folder: FilePath, imagesPerShard: Int,
    options: FaceOptions
  ) {
    self.model = model
    self.images = images
    self.flip = flip
    self.allFaces = allFaces
    self.folder = folder
    self.imagesPerShard = imagesPerShard
    self.options = options
  }

  /// Returns when all shards are complete.
  package func run(_ console: Console) throws(FaceqError) {
    try options.run.check()
    guard imagesPerShard > 0 else {
      throw FaceqError("a shard cannot have \(imagesPerShard) images; choose at least 1")
    }
    let model = try openModel(model, console)
    var queue = try images.open(console)
    let embedder = try ParallelEmbedder(
      model, images: queue.total, flip: flip, allFaces: allFaces, options, console)
    // Where the detector is missing on one machine, all its images would be skipped.
    let detector = options.aligned ? nil : try embedder.openDetector()
    let shards = try ShardFolder(folder, &queue, imagesPerShard: imagesPerShard) { list in
      ShardManifest(list, model, detector: detector, self)
    }
    try ShardedEmbedding(shards, embedder, columns: model.embeddingSize, allFaces: allFaces, console).run()
  }
}
