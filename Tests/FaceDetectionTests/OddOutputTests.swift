import FaceDetection
import FaceImages
import Testing

/// Numbers that no sound network gives: nothing traps, and what is no face is none.
struct OddOutputTests {
  private static let odd: [Float] = [
    .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e30, -1e30, 88, -88, 0, -0,
    .leastNonzeroMagnitude,
  ]
  private static let forms: [[(stride: Int, channels: Int)]] = [
    [(8, 1), (8, 1), (8, 4), (8, 10)], [(8, 2), (8, 8), (8, 20)], [(8, 2), (8, 8)], [(4, 1), (4, 2), (4, 2), (4, 10)],
  ]

  @Test(arguments: odd)
  func everywhere(value: Float) throws {
    for outputs in Self.forms {
      let form = try #require(DetectorForm(outputs: outputs))
      let planes = outputs.map { Self.plane($0) { _ in value } }
      for face in bestFaces(try form.faces(planes, threshold: 0.5), overlap: 0.3) { Self.expectSound(face) }
    }
  }

  @Test(arguments: odd)
  func inOneChannel(value: Float) throws {
    for outputs in Self.forms {
      let form = try #require(DetectorForm(outputs: outputs))
      for hit in outputs.indices {
        for channel in 0..<outputs[hit].channels {
          let planes = outputs.indices.map { index in
            Self.plane(outputs[index]) { index == hit && $0 == channel ? value : 0.75 }
          }
          for face in bestFaces(try form.faces(planes, threshold: 0.5), overlap: 0.3) { Self.expectSound(face) }
        }
      }
    }
  }

  /// Probabilities that rounding took beyond their range are brought back.
  @Test func scoresBeyondOne() throws {
    let form = try #require(DetectorForm(outputs: Self.forms[0]))
    let planes = Self.forms[0].map { Self.plane($0) { _ in 1.5 } }
    let faces = try form.faces(planes, threshold: 0.5)
    #expect(faces.count == 4 && faces.allSatisfy { $0.score == 1 })
  }

  /// Sides in the wrong order are no box.
  @Test func invertedBox() throws {
    let form = try #require(DetectorForm(outputs: Self.forms[1]))
    let planes = Self.forms[1].enumerated().map { index, output in
      Self.plane(output) { _ in index == 0 ? 0.9 : -1 }
    }
    #expect(try form.faces(planes, threshold: 0.5).isEmpty)
  }

  /// Nothing but the scores of a cell below the threshold counts.
  @Test func faintCells() throws {
    for outputs in Self.forms {
      let form = try #require(DetectorForm(outputs: outputs))
      let planes = outputs.indices.map { index in
        Self.plane(outputs[index]) { _ in outputs[index].channels <= 2 && index < 2 ? 0.49 : .nan }
      }
      #expect(try form.faces(planes, threshold: 0.5).isEmpty)
    }
  }

  private static func plane(
    _ output: (stride: Int, channels: Int), value: (_ channel: Int) -> Float
  ) -> DetectorOutput {
    DetectorOutput(
      stride: output.stride, rows: 2, columns: 2, channels: output.channels,
      values: (0..<4).flatMap { _ in (0..<output.channels).map(value) })
  }

  private static func expectSound(_ face: DetectedFace) {
    #expect(face.numbers.allSatisfy { $0.isFinite } && (0...1).contains(face.score))
    #expect(face.box.width > 0 && face.box.height > 0)
  }
}
