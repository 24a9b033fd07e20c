package import FaceImages
package import FaceqSupport

/// Which family a network belongs to and what each of its outputs is.
package struct DetectorForm: Sendable, Equatable {
  package struct Level: Sendable, Equatable {
    package var stride: Int
    /// Which of the network's outputs the family's rule takes: scores first, then boxes, then points.
    package var outputs: [Int]
  }

  package var family: DetectorFamily
  /// Faces that one cell may mean.
  package var anchors: Int
  /// Without them faces are found, but cannot be aligned.
  package var hasLandmarks: Bool
  /// By stride, smallest first.
  package var levels: [Level]
  /// The channels of a level's outputs, in the order of `Level.outputs`.
  private let channels: [Int]

  /// Recognises a detector by its outputs' channels at each stride.
  ///
  /// | family | channels at every stride |
  /// |---|---|
  /// | YuNet | 1, 1, 4, 10 |
  /// | SCRFD with A anchors | A, 4·A and, where it finds landmarks, 10·A |
  /// | CenterFace, of one stride | 1, 2, 2, 10: of the two alike, the sizes are first |
  ///
  /// - Parameter outputs: In the order of the file: pixels of the picture from one cell to the next, and the values in a
  ///   cell.
  /// - Returns: Nil when they are no detector's that faceq knows.
  package init?(outputs: [(stride: Int, channels: Int)]) {
    let strides = Set(outputs.map { $0.stride }).sorted()
    guard let coarsest = strides.last, strides[0] > 0, coarsest <= 128,
      outputs.allSatisfy({ (1...1000).contains($0.channels) })
    else { return nil }
    // By channels, and of the same channels by the file's order.
    levels = strides.map { stride in
      let those = outputs.indices.filter { outputs[$0].stride == stride }
      return Level(
        stride: stride, outputs: those.sorted { (outputs[$0].channels, $0) < (outputs[$1].channels, $1) })
    }
    channels = levels[0].outputs.map { outputs[$0].channels }
    let channels = channels
    guard levels.allSatisfy({ $0.outputs.map { outputs[$0].channels } == channels }) else { return nil }
    let anchors = channels[0]
    var hasLandmarks = true
    switch channels {
    case [1, 1, 4, 10]: family = .yuNet
    case [1, 2, 2, 10] where strides.count == 1: family = .centerFace
    case [anchors, 4 * anchors, 10 * anchors]: family = .scrfd
    case [anchors, 4 * anchors]:
      family = .scrfd
      hasLandmarks = false
    default: return nil
    }
    self.anchors = anchors
    self.hasLandmarks = hasLandmarks
  }

  /// The sides of a searched picture are multiples of this.
  package var alignment: Int { max(32, levels.last?.stride ?? 1) }

  /// The faces of at least `threshold` that the network's outputs mean, none suppressed, in pixels of the picture that
  /// was searched: by stride, row, column and anchor.
  /// - Throws: When the outputs are not those that were recognised.
  package func faces(_ outputs: [DetectorOutput], threshold: Float) throws(FaceqError) -> [DetectedFace] {
    var faces: [DetectedFace] = []
    var cells = 0
    for level in levels {
      let first = faces.count
      let planes = try planes(of: level, outputs)
      switch family {
      case .yuNet:
        faces += YuNet.faces(
          classes: planes[0], objects: planes[1], boxes: planes[2], points: planes[3], threshold: threshold)
      case .scrfd:
        faces += SCRFD.faces(
          scores: planes[0], boxes: planes[1], points: hasLandmarks ? planes[2] : nil, threshold: threshold)
      case .centerFace:
        faces += CenterFace.faces(
          centres: planes[0], sizes: planes[1], offsets: planes[2], points: planes[3], threshold: threshold)
      }
      for index in first..<faces.count { faces[index].cell += cells }
      cells += planes[0].cells * anchors
    }
    return faces
  }

  /// The outputs that a level's rule takes, checked.
  private func planes(of level: Level, _ outputs: [DetectorOutput]) throws(FaceqError) -> [DetectorOutput] {
    var planes: [DetectorOutput] = []
    for (place, index) in level.outputs.enumerated() {
      guard index < outputs.count, place < channels.count else { throw otherOutputs("there are \(outputs.count)") }
      let plane = outputs[index]
      guard plane.channels == channels[place], plane.stride == level.stride else {
        throw otherOutputs(
          "number \(index) has \(plane.channels) channels at stride \(plane.stride), and not \(channels[place]) at "
            + "\(level.stride)")
      }
      guard planes.isEmpty || plane.hasCells(of: planes[0]) else {
        throw otherOutputs("number \(index) has \(plane.rows)×\(plane.columns) cells")
      }
      planes.append(plane)
    }
    guard planes.count == channels.count else { throw otherOutputs("there are \(outputs.count)") }
    return planes
  }

  private func otherOutputs(_ reason: String) -> FaceqError {
    FaceqError(
      "cannot look for faces: the detector's outputs are not those of its family, \(family.rawValue): \(reason)")
  }
}
