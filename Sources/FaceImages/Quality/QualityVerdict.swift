extension FaceQuality {
  /// What is wrong with a face.
  package enum Flaw: String, Sendable, CaseIterable {
    case tooSmall = "it is small"
    case blurred = "it is blurred"
    case turnedAside = "it is turned aside"
    case tilted = "it looks up or down"
    case faint = "it has little contrast"
    case clipped = "much of it is black or white"
    case cutOff = "it is cut off"

    /// A sentence's end.
    package var explanation: String { rawValue }
  }

  /// About the cosine between this face's embedding and that of the same face taken well, 0…1.
  package var verdict: Float {
    // A small face is a blurred one, too, once it is enlarged.
    let resolution = min(cosine(.tooSmall), cosine(.blurred))
    let others: [Flaw] = [.turnedAside, .tilted, .faint, .clipped, .cutOff]
    return others.reduce(resolution) { $0 * cosine($1) }
  }

  /// What lowers the verdict most; nil where nothing lowers it by more than a twentieth.
  package var flaw: Flaw? {
    var worst: Flaw?
    var lowest: Float = 0.95
    for flaw in Flaw.allCases where cosine(flaw) < lowest {
      worst = flaw
      lowest = cosine(flaw)
    }
    return worst
  }

  /// What each figure alone leaves: medians of MobileFaceNet's cosines, measured on variants of the faces in dev_loose
  /// that were blurred, moved, made small, turned as an ellipsoid, made dark, faint and bright, and cut off.
  private func cosine(_ flaw: Flaw) -> Float {
    switch flaw {
    case .tooSmall:
      interpolated(
        eyeDistance, [(3, 0), (5, 0.2), (7, 0.43), (9, 0.66), (11, 0.8), (14, 0.91), (18, 0.97), (24, 0.99), (30, 1)])
    case .blurred:
      interpolated(
        sharpness,
        [
          (0.0625, 0), (0.075, 0.25), (0.085, 0.45), (0.095, 0.65), (0.105, 0.8), (0.115, 0.88), (0.13, 0.95),
          (0.17, 1),
        ])
    case .turnedAside:
      interpolated(
        abs(pose.yaw),
        [(6, 1), (12, 0.96), (24, 0.85), (34, 0.72), (42, 0.6), (48, 0.5), (57, 0.3), (66, 0.1), (80, 0)])
    case .tilted:
      interpolated(abs(pose.pitch), [(11, 1), (17, 0.88), (24, 0.7), (32, 0.5), (41, 0.25), (51, 0.05), (60, 0)])
    case .faint: interpolated(contrast, [(1, 0), (2.5, 0.12), (4, 0.6), (8, 0.88), (16, 0.975), (24, 1)])
    case .clipped: interpolated(clipped, [(0, 1), (0.07, 0.97), (0.3, 0.88), (0.6, 0.76), (0.9, 0.33), (1, 0)])
    case .cutOff:
      interpolated(missing, [(0, 1), (0.27, 0.84), (0.35, 0.75), (0.44, 0.68), (0.53, 0.56), (0.7, 0.3), (1, 0)])
    }
  }
}

/// On the lines between points that are ordered by `at`; beyond the first and the last their own value.
private func interpolated(_ place: Float, _ points: [(at: Float, value: Float)]) -> Float {
  guard let next = points.firstIndex(where: { $0.at >= place }) else { return points.last?.value ?? 0 }
  guard next > 0 else { return points[0].value }
  let (before, after) = (points[next - 1], points[next])
  return before.value + (after.value - before.value) * ((place - before.at) / (after.at - before.at))
}
