import QuantRuntime
import SIMDKernels

/// `embed`: the embeddings of faces, aligned ones or those in photos.
public struct EmbedCommand: Sendable {
  public enum Output: Sendable {
    /// Lines for a reader.
    case summary
    case json
    /// A row per image: its path, with all faces the face's number, and its embedding's components.
    case csv
    /// A NumPy file, float32 [face][component], and a table of its rows.
    case npy(path: FilePath)
  }

  public var model: FilePath
  public var images: ImageInputs
  /// Adds each mirror image's embedding before the norm.
  public var flip: Bool
  public var output: Output
  /// Every image must be an aligned face.
  public var aligned: Bool
  /// Of photos all faces, not the largest only.
  public var allFaces: Bool
  public var detection: DetectionOptions
  public var options: RunOptions

  public init(
    model: FilePath, images: ImageInputs, flip: Bool, output: Output, aligned: Bool = false, allFaces: Bool = false,
    detection: DetectionOptions = DetectionOptions(), options: RunOptions
  ) {
    self.model = model
    self.images = images
    self.flip = flip
    self.output = output
    self.aligned = aligned
    self.allFaces = allFaces
    self.detection = detection
    self.options = options
  }

  /// - Throws: also where no face could be used; with an output of files, none is written then.
  public func run(_ console: Console) throws(FaceqError) {
    try options.check()
    try checkOutput()
    let model = try openModel(model, console)
    let session = try options.session(model)
    var queue = try images.open(console)
    let batch = try FaceBatch(
      model, images: queue.total, flip: flip, allFaces: allFaces, mustBeAligned: aligned, detection, options, console)
    let results = ResultText(console, isHeld: images.isStrict)
    switch output {
    case .summary: try embed(&queue, batch, EmbeddingSummary(session, flip: flip, results), console)
    case .json: try embed(&queue, batch, EmbeddingJSON(session, flip: flip, results), console)
    case .csv: try embed(&queue, batch, EmbeddingCSV(results), console)
    case .npy(let path):
      let rows = try EmbeddingRows(path, columns: model.embeddingSize)
      try embed(&queue, batch, rows, console)
      try console.print("\(path): float32 [\(rows.count), \(model.embeddingSize)] by \(session.summary)")
      try console.print("\(EmbeddingRows.table(beside: path)): which row is whose")
    }
  }

  /// What cannot be written is better known before the work than after it.
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
    _ queue: inout ImageQueue, _ batch: FaceBatch, _ output: EmbeddingOutput, _ console: Console
  ) throws(FaceqError) {
    var skipped = SkippedImages(images, total: queue.total, console)
    var progress = ProgressMeter(console, total: queue.total)
    let start = monotonicSeconds()
    var faces = 0
    var done = 0
    while true {
      let paths = try queue.next(batch.capacity)
      if paths.isEmpty { break }
      let outcomes = batch.run(paths, stopsAtFault: images.isStrict) { progress.advance(to: done + $0) }
      done += paths.count
      for (path, outcome) in zip(paths, outcomes) {
        guard let outcome else { continue }
        for note in outcome.notes { console.note(note) }
        if let fault = outcome.fault {
          try skipped.skip(fault)
          try output.skip(path, face: nil, reason: fault.message)
          continue
        }
        skipped.use()
        for face in outcome.faces {
          switch face.result {
          case .embedding(let embedding):
            try output.add(embedding, of: path, face: face.number)
            faces += 1
          case .fault(let reason): try output.skip(path, face: face.number, reason: reason)
          }
        }
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
