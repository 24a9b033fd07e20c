import FaceImages
import FaceqSupport
import Testing

/// The expected values are those of OpenCV 5.0.0's `warpAffine` with `INTER_LINEAR`.
struct AlignFaceTests {
  @Test func warp() {
    let transform = SimilarityTransform(a: 0.4, b: 0.15, shiftX: 1.5, shiftY: -2.25)
    let warped = RGBImage.pattern(width: 40, height: 30).warped(by: transform, width: 14, height: 9)
    let red = [
      0, 72, 108, 148, 169, 150, 92, 94, 49, 0, 0, 0, 0, 0,
      60, 110, 159, 234, 28, 179, 120, 128, 47, 165, 42, 32, 0, 0,
      186, 155, 106, 90, 104, 110, 93, 142, 233, 145, 27, 140, 227, 33,
      74, 141, 84, 157, 107, 162, 181, 157, 215, 150, 68, 178, 63, 154,
      123, 39, 111, 83, 168, 171, 211, 177, 118, 181, 121, 45, 177, 44,
      164, 104, 123, 131, 136, 112, 180, 221, 190, 135, 205, 148, 72, 173,
      144, 110, 163, 57, 144, 105, 174, 154, 39, 62, 59, 133, 142, 156,
      126, 160, 113, 30, 149, 141, 75, 127, 152, 157, 135, 145, 171, 130,
      102, 125, 105, 67, 167, 72, 165, 113, 47, 78, 98, 128, 133, 113,
    ]
    let blue = [
      0, 136, 82, 75, 50, 130, 181, 81, 112, 0, 0, 0, 0, 0,
      38, 165, 125, 112, 116, 95, 100, 160, 137, 15, 124, 65, 0, 0,
      157, 145, 102, 180, 208, 192, 164, 156, 88, 49, 133, 165, 77, 124,
      110, 59, 176, 151, 93, 108, 117, 103, 83, 64, 167, 53, 169, 120,
      193, 136, 60, 120, 155, 70, 61, 76, 66, 140, 227, 141, 30, 150,
      109, 55, 106, 129, 104, 58, 76, 74, 93, 87, 160, 55, 172, 65,
      121, 130, 174, 148, 64, 90, 115, 121, 138, 112, 165, 137, 113, 103,
      143, 139, 127, 127, 72, 103, 181, 146, 222, 18, 44, 124, 119, 58,
      198, 70, 204, 130, 127, 164, 89, 97, 153, 149, 190, 171, 127, 57,
    ]
    let difference = warped.largestDifference { x, y in
      [red[y * 14 + x], warped[x, y][1], blue[y * 14 + x]]
    }
    #expect(difference <= 1)
  }

  /// Every 15th pixel of every 15th row, from the 5th.
  @Test func alignedFace() throws {
    let image = RGBImage.pattern(width: 64, height: 64)
    let aligned = try alignFace(image, landmarks: SimilarityTransformTests.landmarks)
    #expect(aligned.width == 112 && aligned.height == 112)
    let expected = [
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      146, 87, 111, 149, 77, 130, 159, 176, 91, 58, 70, 123, 79, 132, 185, 90, 125, 82, 51, 104, 156, 74, 127, 180,
      118, 132, 185, 129, 82, 131, 138, 159, 201, 131, 184, 56, 105, 151, 70, 90, 143, 74, 117, 118, 162, 53, 106, 138,
      169, 221, 89, 136, 107, 99, 172, 75, 128, 190, 53, 106, 177, 162, 33, 120, 114, 167, 76, 112, 165, 203, 94, 53,
      172, 71, 124, 192, 62, 115, 246, 43, 96, 177, 230, 36, 55, 108, 161, 139, 192, 129, 52, 105, 158, 148, 201, 208,
      159, 143, 166, 76, 129, 171, 141, 63, 116, 148, 201, 95, 129, 155, 86, 26, 68, 104, 97, 150, 192, 145, 198, 182,
      174, 100, 153, 194, 54, 107, 97, 134, 187, 148, 201, 22, 168, 70, 123, 141, 114, 167, 161, 102, 130, 193, 62, 115,
      113, 160, 61, 108, 113, 156, 104, 157, 169, 107, 160, 96, 88, 112, 165, 117, 147, 200, 84, 134, 187, 37, 90, 99,
    ]
    var values: [Int] = []
    for y in stride(from: 4, to: 112, by: 15) {
      for x in stride(from: 4, to: 112, by: 15) { values += aligned[x, y] }
    }
    #expect(values.count == expected.count)
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) <= 1 })
  }

  @Test func templateLandmarksLeaveThePictureAlone() throws {
    let image = RGBImage.pattern(width: 112, height: 112)
    let aligned = try alignFace(image, landmarks: FaceTemplate.arcFace112)
    #expect(aligned.largestDifference { x, y in image[x, y] } <= 1)
  }

  @Test func otherSizeScalesTheTemplate() throws {
    let image = RGBImage(width: 90, height: 90, pixels: Array(repeating: 77, count: 90 * 90 * 3))
    let half = FaceTemplate.arcFace112.map { Point(x: $0.x / 2, y: $0.y / 2) }
    let aligned = try alignFace(image, landmarks: half, size: 56)
    #expect(aligned == RGBImage(width: 56, height: 56, pixels: Array(repeating: 77, count: 56 * 56 * 3)))
  }

  @Test func outsideIsBlack() throws {
    let image = RGBImage(width: 8, height: 8, pixels: Array(repeating: 255, count: 8 * 8 * 3))
    let farAway = FaceTemplate.arcFace112.map { Point(x: $0.x + 1e5, y: $0.y - 1e5) }
    #expect(try alignFace(image, landmarks: farAway).pixels.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [
    [], [Point(x: 1, y: 1), Point(x: 2, y: 2)], Array(repeating: Point(x: 4, y: 4), count: 5),
    Array(repeating: Point(x: .nan, y: 4), count: 5),
  ])
  func impossibleLandmarks(landmarks: [Point]) {
    let message = failure { () throws(FaceqError) in
      try alignFace(.pattern(width: 8, height: 8), landmarks: landmarks)
    }
    #expect(message == "cannot align a face: five landmarks are needed that do not coincide")
  }
}
