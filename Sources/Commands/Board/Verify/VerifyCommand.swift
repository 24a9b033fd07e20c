import FaceqSupport
import QuantRuntime

/// `verify`: how well a model tells people apart on a list of pairs.
package struct VerifyCommand: Sendable {
  package var model: FilePath
  /// A CSV file (left, right, same), or a list of LFW's own form.
  package var pairs: FilePath
  /// The folder that the pairs' paths are relative to.
  package var root: FilePath
  /// A second model to compare with, the float one usually.
  package var against: FilePath?
  package var json: Bool
  /// A wanted share of accepted pairs of different persons, above 0 and at most 0.5.
  package var falseAcceptRate: Double?
  package var options: FaceOptions

  package init(
    model: FilePath, pairs: FilePath, root: FilePath, against: FilePath?, json: Bool, falseAcceptRate: Double?,
    options: FaceOptions
  ) {
    self.model = model
    self.pairs = pairs
    self.root = root
    self.against = against
    self.json = json
    self.falseAcceptRate = falseAcceptRate
    self.options = options
  }

  package func run(_ console: Console) throws(FaceqError) {
    try options.run.check()
    if let falseAcceptRate, !(falseAcceptRate > 0 && falseAcceptRate <= 0.5) {
      throw FaceqError(
        "no false accept rate can be as --far says; choose one above 0 and up to 0.5, 0.001 for instance")
    }
    let pairs = try readPairs(path: self.pairs, root: root)
    var sessions = [try options.run.session(try openModel(model, console))]
    if let against {
      sessions.append(try options.run.session(try openModel(against, console)))
      let (first, second) = (sessions[0].model, sessions[1].model)
      guard first.image.width == second.image.width, first.image.height == second.image.height else {
        throw FaceqError(
          "\(first.path) wants faces of \(first.image.width)×\(first.image.height) and \(second.path) of "
            + "\(second.image.width)×\(second.image.height); compare models that take the same faces")
      }
    }

    let embeddings = try embed(pairs, sessions, console)
    var usable: [FacePair] = []
    var cosines = sessions.map { _ in [Float]() }
    for pair in pairs {
      guard let left = embeddings[pair.left], let right = embeddings[pair.right] else { continue }
      usable.append(pair)
      for index in sessions.indices { cosines[index].append(cosine(left[index], right[index])) }
    }
    let same = usable.count { $0.isSame }
    guard min(same, usable.count - same) >= VerificationFigures.folds else {
      throw FaceqError(
        "\(self.pairs) has \(same) usable pairs of one person and \(usable.count - same) of different ones; at least "
          + "\(VerificationFigures.folds) of each are needed")
    }
    let report = VerificationReport(
      pairs: usable, skipped: pairs.count - usable.count, falseAcceptRate: falseAcceptRate,
      measured: try zip(sessions, cosines).map { session, cosines throws(FaceqError) in
        VerificationReport.Measured(
          title: try options.run.summary(session.model), path: session.model.path, cosines: cosines,
          figures: VerificationFigures(same: usable.map { $0.isSame }, cosines: cosines))
      })
    try console.print(json ? report.json() : report.text())
  }

  /// The embeddings of each image, one by each model; images that cannot be used are named and left out.
  private func embed(
    _ pairs: [FacePair], _ sessions: [EmbeddingSession], _ console: Console
  ) throws(FaceqError) -> [FilePath: [[Float]]] {
    let reader = try FaceReader(sessions[0].model, options, console)
    var images: [FilePath] = []
    var seen: Set<FilePath> = []
    for pair in pairs {
      for image in [pair.left, pair.right] where seen.insert(image).inserted { images.append(image) }
    }
    var embeddings: [FilePath: [[Float]]] = [:]
    var progress = ProgressMeter(console, total: images.count)
    for image in images {
      do throws(FaceqError) {
        let pixels = try reader.pixels(root.resolving(image))
        var ofImage: [[Float]] = []
        for session in sessions { ofImage.append(try session.embed(pixels)) }
        embeddings[image] = ofImage
      } catch {
        console.note("skipped: \(error.message)")
      }
      progress.advance()
    }
    return embeddings
  }
}
