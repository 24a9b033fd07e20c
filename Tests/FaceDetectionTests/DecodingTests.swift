import FaceDetection
import FaceImages
import TestSupport
import Testing

/// ONNX Runtime's outputs of four detectors, decoded here and by NumPy.
@Suite(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)))
struct DecodingTests {
  @Test(arguments: GoldenOutputs.detectors)
  func sameFacesAsNumPy(detector: String) throws {
    let golden = try GoldenOutputs(shared: #require(sharedData))
    let outputs = try golden.outputs(of: detector)
    let form = try #require(DetectorForm(outputs))
    #expect(form.family == family(of: detector) && form.hasLandmarks)
    let expected = try golden.faces(of: detector)
    #expect(expected.count >= 3)
    let faces = try form.faces(outputs, threshold: 0.3)
    try #require(faces.count == expected.count)
    for (face, expected) in zip(faces, expected) {
      for (number, expected) in zip(face.numbers, expected) {
        #expect(abs(number - expected) <= 1e-5 * max(1, abs(expected)), "\(face) \(expected)")
      }
      guard face.score >= 0.5 else { continue }
      // The points are the left eye, the right eye, the nose, the left and the right corner of the mouth.
      let points = face.landmarks
      #expect(points[0].x < points[1].x && points[3].x < points[4].x)
      #expect(max(points[0].y, points[1].y) < min(points[3].y, points[4].y))
    }
  }

  /// Heads that were computed as one convolution are views of one plane.
  @Test func sharedPlanes() throws {
    let golden = try GoldenOutputs(shared: #require(sharedData))
    let outputs = try golden.outputs(of: "yunet")
    let form = try #require(DetectorForm(outputs))
    var merged: [DetectorOutput] = []
    for level in form.levels {
      let planes = level.outputs.map { outputs[$0] }
      var values: [Float] = []
      for row in 0..<planes[0].rows {
        for column in 0..<planes[0].columns {
          for plane in planes {
            for channel in 0..<plane.channels { values.append(plane[row: row, column: column, channel: channel]) }
          }
        }
      }
      let plane = DetectorOutput(
        stride: level.stride, rows: planes[0].rows, columns: planes[0].columns, channels: 16, values: values)
      merged += [0..<1, 1..<2, 2..<6, 6..<16].map { plane.channels($0) }
    }
    let mergedForm = try #require(DetectorForm(merged))
    #expect(try mergedForm.faces(merged, threshold: 0.3) == form.faces(outputs, threshold: 0.3))
  }

  /// The four detectors agree on the large faces of the pictures, each found once.
  @Test(arguments: GoldenOutputs.detectors)
  func suppressed(detector: String) throws {
    let golden = try GoldenOutputs(shared: #require(sharedData))
    let outputs = try golden.outputs(of: detector)
    let form = try #require(DetectorForm(outputs))
    let family = form.family
    let all = try form.faces(outputs, threshold: family.score)
    let best = bestFaces(all, overlap: family.overlap)
    #expect(!best.isEmpty && best.count < all.count)
    #expect(best[0].score == all.map { $0.score }.max())
    for (index, face) in best.enumerated() {
      #expect(best[..<index].allSatisfy { $0.box.overlap(with: face.box) <= Double(family.overlap) })
    }
  }

  private func family(of detector: String) -> DetectorFamily {
    switch detector {
    case "yunet": .yuNet
    case "centerface": .centerFace
    default: .scrfd
    }
  }
}
