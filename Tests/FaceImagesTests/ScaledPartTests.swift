import FaceImages
import Testing

struct ScaledPartTests {
  /// Shrinking by less than a half and enlarging are bilinear: as `resized`, but for the rounding.
  @Test(arguments: [(40, 30), (33, 29), (21, 16), (64, 31), (97, 80), (40, 1), (1, 30), (39, 30)])
  func bilinear(width: Int, height: Int) {
    let image = smooth(width: 40, height: 30)
    let scaled = whole(image, width: width, height: height)
    let expected =
      width == 1 || height == 1 ? nil : image.resized(width: width, height: height)
    #expect(scaled.width == width && scaled.height == height)
    if let expected { #expect(scaled.largestDifference { x, y in expected[x, y] } <= 1) }
  }

  /// Shrinking by whole numbers takes means of blocks.
  @Test(arguments: [2, 3, 5])
  func blocks(factor: Int) {
    let image = RGBImage.pattern(width: 8 * factor, height: 6 * factor)
    let expected = image.shrunk(width: 8, height: 6)
    #expect(whole(image, width: 8, height: 6).largestDifference { x, y in expected[x, y] } <= 1)
  }

  /// Whatever the size, plain pictures stay plain to the last edge.
  @Test func plain() {
    let image = RGBImage(width: 37, height: 23, pixels: (0..<37 * 23).flatMap { _ in [0, 77, 255] as [UInt8] })
    for width in [1, 2, 3, 7, 12, 18, 19, 36, 37, 38, 80] {
      for height in [1, 2, 5, 11, 12, 23, 24, 50] {
        #expect(whole(image, width: width, height: height).largestDifference { _, _ in [0, 77, 255] } == 0)
      }
    }
  }

  /// A ramp stays a ramp in its place: the last block may be smaller than the others.
  @Test(arguments: [100, 99, 61, 47, 33, 20])
  func ramp(width: Int) {
    let image = RGBImage(
      width: 200, height: 4, pixels: (0..<800).flatMap { Array(repeating: UInt8($0 % 200), count: 3) })
    let scaled = whole(image, width: width, height: 3)
    let step = 200 / Double(width)
    #expect(
      scaled.largestDifference { x, y in
        guard (2..<width - 2).contains(x) else { return scaled[x, y] }
        return Array(repeating: Int((((Double(x) + 0.5) * step) - 0.5).rounded()), count: 3)
      } <= 1)
  }

  @Test func ownSize() {
    let image = RGBImage.pattern(width: 13, height: 9)
    #expect(whole(image, width: 13, height: 9) == image)
  }

  /// A part shows what the whole shows there, and is black around it.
  @Test(arguments: [(53, 41), (20, 11), (90, 70)])
  func parts(width: Int, height: Int) {
    let image = RGBImage.pattern(width: 53, height: 41)
    let expected = whole(image, width: width, height: height)
    for columns in [0..<5, 3..<width, width - 1..<width, 0..<width] {
      for rows in [0..<height, 2..<7, height - 2..<height] {
        let part = image.part(
          scaledWidth: width, scaledHeight: height, columns: columns, rows: rows, paddedWidth: columns.count + 3,
          paddedHeight: rows.count + 2)
        #expect(
          part.largestDifference { x, y in
            x < columns.count && y < rows.count
              ? expected[columns.lowerBound + x, rows.lowerBound + y] : [0, 0, 0]
          } == 0)
      }
    }
  }

  /// More pixels in a block than 16 bits could sum up.
  @Test func extremeShrinking() {
    let image = RGBImage(width: 700, height: 900, pixels: Array(repeating: 255, count: 3 * 700 * 900))
    #expect(whole(image, width: 1, height: 1).pixels == [255, 255, 255])
    let line = RGBImage(width: 70_000, height: 1, pixels: Array(repeating: 200, count: 3 * 70_000))
    #expect(whole(line, width: 2, height: 1).pixels == Array(repeating: 200, count: 6))
  }

  private func whole(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
    image.part(
      scaledWidth: width, scaledHeight: height, columns: 0..<width, rows: 0..<height, paddedWidth: width,
      paddedHeight: height)
  }

  private func smooth(width: Int, height: Int) -> RGBImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for value in [x * 6 + y, x * y, y * 8 + x * x] { pixels.append(UInt8(value % 256)) }
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}
