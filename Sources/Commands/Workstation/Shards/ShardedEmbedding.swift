import Commands
import FaceqSupport
import QuantRuntime

/// Embeds a long list shard by shard, beside any number of other workers on the same folder.
///
/// A shard that another worker holds is passed over, and waited for at the end: where that worker died, this one does it.
struct ShardedEmbedding {
  /// What became of a shard.
  private struct Tally {
    var faces = 0
    var skipped = 0
  }

  private let folder: ShardFolder
  private let embedder: ParallelEmbedder
  private let columns: Int
  private let allFaces: Bool
  private let console: Console

  /// - Parameter columns: the components of an embedding.
  init(
    _ folder: ShardFolder, _ embedder: ParallelEmbedder, columns: Int, allFaces: Bool, _ console: Console
  ) {
    self.folder = folder
    self.embedder = embedder
    self.columns = columns
    self.allFaces = allFaces
    self.console = console
  }

  /// Returns when all shards are complete.
  func run() throws(FaceqError) {
    let list = folder.list
    var missing: [Int] = []
    for shard in 0..<list.shards where try !folder.isComplete(shard) { missing.append(shard) }
    if missing.count < list.shards {
      console.note("\(list.shards - missing.count) of \(counted(list.shards, "shard")) are complete already")
    }
    let total = missing.reduce(0) { $0 + list.count(of: $1) }
    let start = monotonicSeconds()
    var progress = ProgressMeter(console, total: total)
    var passed = 0
    var held: [Int] = []
    for shard in missing {
      let (isComplete, tally) = try folder.claim(shard, waits: false) { () throws(FaceqError) in
        try embed(shard) { progress.advance(to: passed + $0) }
      }
      if !isComplete { held.append(shard) }
      passed += list.count(of: shard)
      progress.advance(to: passed)
      // What others do at the same time counts: so much is passed in a second.
      let rate = Double(passed) / max(monotonicSeconds() - start, 1e-9)
      if let tally { try tell(shard, tally, rate, secondsLeft: Double(total - passed) / rate) }
    }
    progress.finish()
    for shard in held {
      let (_, tally) = try folder.claim(shard, waits: true) { () throws(FaceqError) in try embed(shard) { _ in } }
      if let tally { try tell(shard, tally, nil, secondsLeft: 0) }
    }
    try folder.removeLeftovers()
    try console.print("all \(counted(list.shards, "shard")) of \(counted(list.images, "image")) are complete")
  }

  private func embed(_ shard: Int, progress: (Int) -> Void) throws(FaceqError) -> Tally {
    var paths = try folder.paths(of: shard)[...]
    let rows = try EmbeddingRows(folder.rows(of: shard), columns: columns)
    var tally = Tally()
    var done = 0
    while !paths.isEmpty {
      let portion = Array(paths.prefix(embedder.capacity))
      paths = paths.dropFirst(portion.count)
      let outcomes = embedder.run(portion, stopsAtFault: false) { progress(done + $0) }
      done += portion.count
      for (path, outcome) in zip(portion, outcomes) {
        guard let outcome else { continue }
        if outcome.fault != nil { tally.skipped += 1 }
        tally.faces += try rows.add(outcome, of: path, allFaces: allFaces)
      }
    }
    try rows.finish()
    return tally
  }

  /// `shard 12 of 1000: 998 faces, 2 images skipped; 48.1 images/s, 5:31:12 left`.
  private func tell(
    _ shard: Int, _ tally: Tally, _ rate: Double?, secondsLeft: Double
  ) throws(FaceqError) {
    var line = "shard \(shard + 1) of \(folder.list.shards): \(counted(tally.faces, "face"))"
    if tally.skipped > 0 { line += ", \(counted(tally.skipped, "image")) skipped" }
    if let rate {
      line += "; \(formatDecimal(rate, fractionDigits: 1)) images/s, \(clockText(seconds: secondsLeft)) left"
    }
    console.showProgress("")
    try console.print(line)
  }
}
