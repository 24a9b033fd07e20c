import FaceWatch
import Testing

struct YUYVPictureTests {
  /// BT.601's own colours: of bars at 100 %, luma and chromas as they are published.
  @Test(arguments: [
    ([16, 128, 128], [0, 0, 0]), ([235, 128, 128], [255, 255, 255]), ([81, 90, 240], [255, 0, 0]),
    ([145, 54, 34], [0, 255, 0]), ([41, 240, 110], [0, 0, 255]), ([210, 16, 146], [255, 255, 0]),
    ([170, 166, 16], [0, 255, 255]), ([106, 202, 222], [255, 0, 255]), ([126, 128, 128], [128, 128, 128]),
    ([255, 255, 255], [255, 125, 255]), ([0, 0, 0], [0, 135, 0]),
  ])
  func coloursAreThoseOfBT601(yuv: [Int], rgb: [Int]) throws {
    let bytes = [yuv[0], yuv[1], yuv[0], yuv[2]].map { UInt8($0) }
    let image = try #require(YUYVPicture(width: 2, height: 1, rowBytes: 4, bytes: bytes)).image()
    for pixel in 0..<2 {
      for channel in 0..<3 { #expect(abs(Int(image.pixels[3 * pixel + channel]) - rgb[channel]) <= 1) }
    }
  }

  @Test func pixelsOfAPairShareTheirChroma() throws {
    // Two rows, with bytes behind each that are no pixels.
    let bytes: [UInt8] = [16, 128, 235, 128, 9, 9, 235, 128, 16, 128]
    let image = try #require(YUYVPicture(width: 2, height: 2, rowBytes: 6, bytes: bytes)).image()
    #expect(image.pixels == [0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0])
  }

  @Test func whatIsTooShortIsNoPicture() {
    #expect(YUYVPicture(width: 4, height: 2, rowBytes: 8, bytes: [UInt8](repeating: 0, count: 15)) == nil)
    #expect(YUYVPicture(width: 3, height: 1, rowBytes: 8, bytes: [UInt8](repeating: 0, count: 16)) == nil)
    #expect(YUYVPicture(width: 4, height: 1, rowBytes: 6, bytes: [UInt8](repeating: 0, count: 16)) == nil)
    #expect(YUYVPicture(width: 0, height: 1, rowBytes: 0, bytes: []) == nil)
  }
}
