import FaceDetection
import FaceImages
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// The faces that OpenCV's FaceDetectorYN finds in the photos of ../shared/photos.
@Suite(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)))
struct OpenCVFacesTests {
  @Test func sameFaces() throws {
    let shared = try #require(sharedData)
    let detector = try NetworkDetector(
      NetworkDetectorFile.imported("yunet_s_640_640"), kernels: kernels(nil), threads: 2)
    let expected = try openCVFaces(shared + "/fixtures/golden_yunet_photos.csv")
    #expect(expected.count == 7)
    var count = 0
    for (name, expected) in expected {
      let faces = try detector.faces(in: readImage(path: FilePath("\(shared)/photos/\(name)")))
      try #require(faces.count == expected.count, "\(name)")
      count += faces.count
      for (face, expected) in zip(faces, expected) {
        let box = face.box
        let numbers = [box.left, box.top, box.width, box.height] + face.landmarks.flatMap { [$0.x, $0.y] }
        #expect(abs(face.score - expected[0]) <= 0.0001, "\(name): \(face) \(expected)")
        // OpenCV's numbers are rounded to hundredths.
        for (number, expected) in zip(numbers, expected.dropFirst()) {
          #expect(abs(number - expected) <= 0.006, "\(name): \(number) \(expected)")
        }
      }
    }
    #expect(count == 51)
  }

  /// By photo, best first: score, left, top, width, height, x and y of five points.
  private func openCVFaces(_ path: String) throws -> [String: [[Float]]] {
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
    return try Dictionary(grouping: rows.map { $0.split(separator: ",") }, by: { String($0[0]) })
      .mapValues { try $0.map { try $0.dropFirst().map { try #require(Float($0)) } } }
  }
}
