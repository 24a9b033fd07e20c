public import QuantRuntime
internal import SIMDKernels

/// Finds faces with MTCNN on the float engine.
///
/// Belongs to one thread at a time and brings its own worker threads.
public final class FaceDetector {
  private let networks: DetectionNetworks

  /// - Parameters:
  ///   - path: a detector file, as `DetectorWeights` writes it.
  ///   - instructionSet: a name for `kernels(_:)`.
  /// - Throws: what is wrong with the file, or what this machine cannot do.
  public init(path: FilePath, instructionSet: String? = nil, threads: ThreadPlan = 1) throws(FaceqError) {
    let weights = try DetectorWeights(path: path)
    let table = try kernels(instructionSet)
    // Candidates are so small that sharing one between threads takes longer than it saves.
    let proposal = try FloatChain(weights.layers(.proposal), kernels: table, threads: threads)
    let refinement = try FloatChain(weights.layers(.refinement), kernels: table, threads: 1)
    let output = try FloatChain(weights.layers(.output), kernels: table, threads: 1)
    networks = DetectionNetworks(
      propose: { input in
        let map = proposal.run(input.values, height: input.height, width: input.width)
        let verdicts = stride(from: 0, to: map.values.count, by: 6).map { verdict(map.values[$0..<$0 + 6]) }
        return ProposalMap(
          width: map.width, height: map.height, faceProbabilities: verdicts.map { $0.faceProbability },
          offsets: verdicts.map { $0.offsets })
      },
      refine: { input in verdict(refinement.run(input.values, height: input.height, width: input.width).values[...]) },
      locate: { input in
        let values = output.run(input.values, height: input.height, width: input.width).values
        return (verdict(values[..<6]), (6..<11).map { Point(x: values[$0], y: values[$0 + 5]) })
      })
  }

  /// The probability that a picture of 48 × 48 pixels is a face, 0…1.
  func outputScore(_ input: NetworkInput) throws(FaceqError) -> Float {
    try networks.locate(input).verdict.faceProbability
  }

  /// The faces in `image`, best score first; as the function `detectFaces`.
  public func faces(
    in image: RGBImage, settings: DetectionSettings = DetectionSettings()
  ) throws(FaceqError) -> [DetectedFace] {
    try detectFaces(in: image, networks: networks, settings: settings)
  }
}

/// Not a face, a face; left, top, right, bottom.
private func verdict(_ values: ArraySlice<Float>) -> DetectionNetworks.Verdict {
  let first = values.startIndex
  return DetectionNetworks.Verdict(
    // The softmax over two classes.
    faceProbability: sigmoid(values[first + 1] - values[first]),
    offsets: BoxOffsets(
      left: values[first + 2], top: values[first + 3], right: values[first + 4], bottom: values[first + 5]))
}

extension DetectorWeights {
  fileprivate func layers(_ network: DetectorNetwork) -> [FloatChain.Layer] {
    var layers: [FloatChain.Layer] = []
    for (index, unit) in units(network).enumerated() {
      layers.append(.convolution(unit))
      if index < network.pools.count { layers.append(.maxPool(size: network.pools[index])) }
    }
    return layers
  }
}
