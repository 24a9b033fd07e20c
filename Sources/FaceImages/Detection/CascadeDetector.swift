package import FaceqSupport
package import QuantRuntime
package import SIMDKernels

/// Finds faces with MTCNN on the float engine.
///
/// A detector belongs to one thread at a time and has worker threads of its own.
package final class CascadeDetector {
  private let networks: DetectionNetworks

  /// - Parameter kernels: from `kernels(_:)`.
  /// - Throws: where the system refuses a thread, or a core.
  package convenience init(
    _ cascade: DetectorCascade, kernels: KernelTable, threads: ThreadPlan
  ) throws(FaceqError) {
    func session(_ network: DetectorNetwork, _ threads: ThreadPlan) throws(FaceqError) -> GraphSession {
      // Without Winograd: the last bits must not depend on what is faster on a machine.
      try GraphSession(
        cascade.graph(network), kernels: kernels, threads: threads, winograd: WinogradChoice(rule: .off))
    }
    let proposal = try session(.proposal, threads)
    // Candidates are so small that sharing one between threads takes longer than it saves.
    let refinement = try session(.refinement, 1)
    let output = try session(.output, 1)
    let networks = DetectionNetworks(
      propose: { (input) throws(FaceqError) in
        let map = try proposal.values(of: input)
        let verdicts = stride(from: 0, to: map.values.count, by: 6).map { verdict(map.values[$0..<$0 + 6]) }
        return ProposalMap(
          width: map.width, height: map.height, faceProbabilities: verdicts.map { $0.faceProbability },
          offsets: verdicts.map { $0.offsets })
      },
      refine: { (input) throws(FaceqError) in verdict(try refinement.values(of: input).values[...]) },
      locate: { (input) throws(FaceqError) in
        let values = try output.values(of: input).values
        return (verdict(values[..<6]), (6..<11).map { Point(x: values[$0], y: values[$0 + 5]) })
      })
    self.init(networks)
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(_ networks: DetectionNetworks) { self.networks = networks }

  /// The probability that a picture of 48 × 48 pixels is a face, 0…1.
  func outputScore(_ input: NetworkInput) throws(FaceqError) -> Float {
    try networks.locate(input).verdict.faceProbability
  }

  /// The faces in `image`, best score first; as the function `detectFaces`.
  package func faces(
    in image: RGBImage, settings: DetectionSettings = DetectionSettings()
  ) throws(FaceqError) -> [DetectedFace] {
    try detectFaces(in: image, networks: networks, settings: settings)
  }
}

/// The verdict in six values: no face, face; left, top, right, bottom.
private func verdict(_ values: ArraySlice<Float>) -> DetectionNetworks.Verdict {
  let first = values.startIndex
  return DetectionNetworks.Verdict(
    // The softmax over two classes.
    faceProbability: sigmoid(values[first + 1] - values[first]),
    offsets: BoxOffsets(
      left: values[first + 2], top: values[first + 3], right: values[first + 4], bottom: values[first + 5]))
}

extension GraphSession {
  /// What a network hands out.
  fileprivate func values(of input: NetworkInput) throws(FaceqError) -> Output {
    try run(values: input.values, height: input.height, width: input.width)[0]
  }
}
