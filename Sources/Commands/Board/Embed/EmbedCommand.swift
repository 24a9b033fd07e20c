import FaceqSupport
import QuantRuntime
import SIMDKernels

/// `embed`: the embeddings of faces, aligned ones or those in photos.
package struct EmbedCommand: Sendable {
  package enum Output: Sendable {
    /// Lines for people to read.
    case summary
    case json
    /// A row for each face: its image's path, with all faces its number, and its embedding's components.
    case csv
    /// A NumPy file, float32 [face][component], and a table of its rows.
    case npy(path: FilePath)
  }

  package var model: FilePath
  package var images: ImageInputs
  /// Whether each mirror image's embedding is added before the norm.
  package var flip: Bool
  package var output: Output
  /// Whether all faces of each photo are embedded, not only the largest one.
  package var allFaces: Bool
  package var options: FaceOptions

  package init(
    model: FilePath, images: ImageInputs, flip: Bool, output: Output, allFaces: Bool = false, options: FaceOptions
  ) {
    self.model = model
    self.images = images
    self.flip = flip
    self.output = output
    self.allFaces = allFaces
    self.options = options
  }

  /// - Throws: also where no face could be used; with an output of files, none is written then.
  package func run(_ console: Console) throws(FaceqError) {
    try options.run.check()
    try checkOutput()
    let model = try openModel(model, console)
    var queue = try images.open(console)
    let embedder = try ParallelEmbedder(
      model, images: queue.total, flip: flip, allFaces: allFaces, options, console)
    let summary = try options.run.summary(model)
    let results = ResultText(console, isHeld: images.isStrict)
    switch output {
    case .summary: try embed(&queue, embedder, EmbeddingSummary(summary, flip: flip, results), console)
    case .json:
      let json = EmbeddingJSON(model, try options.run.kernels().instructionSet, flip: flip, results)
      try embed(&queue, embedder, json, console)
    case .csv: try embed(&queue, embedder, EmbeddingCSV(results), console)
    case .npy(let path):
      let rows = try EmbeddingRows(path, columns: model.embeddingSize)
      try embed(&queue, embedder, rows, console)
      try console.print("\(path): float32 [\(rows.count), \(model.embeddingSize)] by \(summary)")
      try console.print("\(EmbeddingRows.table(beside: path)): which row is whose")
    }
  }

  /// Fails before the work where the output could not be written after it.
  private func checkOutput() throws(FaceqError) {
    guard case .npy(let path) = output else { return }
    for output in [path, EmbeddingRows.table(beside: path)] {
      for input in [model] + images.arguments + (images.list.map { [$0.path] } ?? []) {
        try refuseToOverwrite(input, with: output)
      }
      try checkWritable(output)
    }
  }

  private func embed(
    _ queue: inout ImageQueue, _ embedder: ParallelEmbedder, _ output: EmbeddingOutput, _ console: Console
  ) throws(FaceqError) {
    var skipped = SkippedImages(images, total: queue.total, console)
    var progress = ProgressMeter(console, total: queue.total)
    let start = monotonicSeconds()
    var faces = 0
    var done = 0
    while true {
      let paths = try queue.next(embedder.capacity)
      if paths.isEmpty { break }
      let outcomes = embedder.run(paths, stopsAtFault: images.isStrict) { progress.advance(to: done + $0) }
      done += paths.count
      for (path, outcome) in zip(paths, outcomes) {
        guard let outcome else { continue }
        for note in outcome.notes { console.note(note) }
        if let fault = outcome.fault { try skipped.skip(fault) } else { skipped.use() }
        faces += try output.add(outcome, of: path, allFaces: allFaces)
      }
    }
    progress.finish()
    try skipped.check()
    try output.finish()
    skipped.report()
    if done > 1 { console.noteOnTerminal(throughput(faces, seconds: monotonicSeconds() - start)) }
  }

  /// `600 faces in 12.3 s: 48.8 faces/s`.
  private func throughput(_ faces: Int, seconds: Double) -> String {
    "\(counted(faces, "face")) in \(formatDecimal(seconds, fractionDigits: 1)) s: "
      + "\(formatDecimal(Double(faces) / max(seconds, 1e-9), fractionDigits: 1)) faces/s"
  }
}
