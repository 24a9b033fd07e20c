import FaceDetection
import FaceImages
import Testing

struct CalibrationPicturesTests {
  private static let side = CalibrationPictures.side
  private let pictures = CalibrationPictures(family: .yuNet, alignment: 32)

  /// How many pictures photos of some sizes make: enlarged, as they are, halved, as a whole and in a mosaic.
  @Test(arguments: [
    (1, 1, 1 + 1 + 0 + 0 + 1),
    (112, 131, 1 + 1 + 0 + 0 + 1),
    (320, 320, 4 + 1 + 0 + 0 + 1),
    (640, 320, 8 + 2 + 0 + 1 + 1),
    (641, 320, 0 + 3 + 0 + 1 + 1),
    (1280, 720, 0 + 12 + 4 + 1 + 1),
    (4000, 3000, 0 + 12 + 4 + 1 + 1),
    (3, 5000, 0 + 12 + (8 + 4 + 2) + 1 + 1),
  ])
  func number(width: Int, height: Int, expected: Int) {
    let photo = RGBImage(width: width, height: height, pixels: Array(repeating: 9, count: 3 * width * height))
    let made = pictures.pictures(of: photo)
    #expect(made.count == expected)
    #expect(made.allSatisfy { $0.count == 3 * Self.side * Self.side && $0.contains(9) })
  }

  /// The rows of a mosaic hold whole copies of the photo: dark on the left, mirrored on the right, and so on.
  @Test func mosaic() throws {
    let (width, height) = (96, 160)
    let row = (0..<width).flatMap { [UInt8](repeating: $0 < width / 2 ? 50 : 200, count: 3) }
    let pixels = (0..<height).flatMap { _ in row }
    let mosaic = try #require(pictures.pictures(of: RGBImage(width: width, height: height, pixels: pixels)).last)
    func runs(row: Int) -> [[Int]] {
      var runs: [[Int]] = []
      for column in 0..<Self.side {
        let value = Int(mosaic[3 * (row * Self.side + column)])
        if runs.last?.first == value { runs[runs.count - 1][1] += 1 } else { runs.append([value, 1]) }
      }
      return runs
    }
    #expect(CalibrationPictures.mosaicSides.reduce(0, +) == Self.side)
    #expect(runs(row: 0) == [[50, 48], [200, 96], [50, 96], [200, 48], [0, 32]])
    #expect(runs(row: 159) == runs(row: 0))
    // Copies of 48 columns, of which six fit.
    #expect(runs(row: 160).map { $0[1] }.reduce(0, +) == Self.side)
    #expect(runs(row: 160).last == [0, 32])
    #expect(runs(row: 160).first?.first == 50)
  }
}
