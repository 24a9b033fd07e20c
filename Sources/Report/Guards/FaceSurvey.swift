import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Looks at a sample of faces through a network: are they faces, does it tell them apart, are its channels in the right
/// order?
package struct FaceSurvey {
  /// Faces that are looked at, spread over the whole set.
  package static let sampleLimit = 64

  private let session: EmbeddingSession
  private let order: ImageFormat.ChannelOrder

  /// - Parameter model: a float one, or the int8 one where that is missing.
  package init(_ model: Model, kernels: KernelTable, threads: ThreadPlan) throws(FaceqError) {
    session = try EmbeddingSession(model, kernels: kernels, threads: threads)
    order = model.image.channels
  }

  /// Positions of at most `limit` of `count` faces, neighbours kept together in runs of four: those of one person often
  /// are.
  package static func sample(of count: Int, limit: Int = sampleLimit) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    let runs = limit / 4
    return (0..<runs).flatMap { run in (0..<4).map { run * (count - 4) / max(runs - 1, 1) + $0 } }
  }

  /// - Parameters:
  ///   - paths: of the faces, which say who is who where folders or names are people's.
  ///   - pixels: RGB [row][column][3] of the face at an index of `paths`.
  ///   - advance: called after each face.
  package func findings(
    _ paths: PathList, pixels: (Int) throws(FaceqError) -> [UInt8], advance: () -> Void
  ) throws(FaceqError) -> [Finding] {
    guard paths.count >= fewestFacesToJudge else { return [] }
    let sample = Self.sample(of: paths.count)
    let identities = Identities(paths: paths)
    let input = session.model.image
    var likeness = FaceLikeness()
    var embeddings: [ChannelOrder.Embeddings] = []
    for index in sample {
      let face = try pixels(index)
      if input.width == input.height { likeness.add(face, side: input.width) }
      let exchanged = exchangingRedAndBlue(face)
      embeddings.append(
        ChannelOrder.Embeddings(
          stated: try session.embed(face), exchanged: try session.embed(exchanged),
          mirrored: try session.embed(mirrored(face, width: input.width)),
          exchangedMirrored: try session.embed(mirrored(exchanged, width: input.width))))
      advance()
    }
    var findings: [Finding] = []
    if let finding = likeness.finding { findings.append(finding) }
    let spread = Spread(embeddings.map(\.stated))
    let exchanged = Spread(embeddings.map(\.exchanged))
    if spread.isCollapsed, exchanged.meanCosine < spread.meanCosine / 3 {
      findings.append(exchangedIsBetter(stated: spread, exchanged: exchanged))
    } else {
      findings += spread.findings(of: "the \(session.model.precision) model")
    }
    // What is no face has no right order either.
    if findings.isEmpty,
      let finding = ChannelOrder(embeddings, people: identities.map { known in sample.map { known.person[$0] } })
        .finding(stated: order)
    {
      findings.append(finding)
    }
    return findings
  }

  private func exchangedIsBetter(stated: Spread, exchanged: Spread) -> Finding {
    Finding(
      .swappedChannels,
      "two different pictures have a cosine of \(decimal(stated.meanCosine, 2)) on average as the model has its channels, and "
        + "\(decimal(exchanged.meanCosine, 2)) with red and blue exchanged; import the checkpoint again for channels in the order "
        + order.other.rawValue)
  }
}

extension ImageFormat.ChannelOrder {
  var other: ImageFormat.ChannelOrder { self == .bgr ? .rgb : .bgr }
}

func exchangingRedAndBlue(_ pixels: [UInt8]) -> [UInt8] {
  var exchanged = pixels
  for pixel in stride(from: 0, to: pixels.count, by: 3) { exchanged.swapAt(pixel, pixel + 2) }
  return exchanged
}

func mirrored(_ pixels: [UInt8], width: Int) -> [UInt8] {
  var mirrored = pixels
  for pixel in 0..<pixels.count / 3 {
    let opposite = pixel / width * width + width - 1 - pixel % width
    for channel in 0..<3 { mirrored[pixel * 3 + channel] = pixels[opposite * 3 + channel] }
  }
  return mirrored
}
