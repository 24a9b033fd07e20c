import FaceImages
import Testing

/// The expected values are those of OpenCV 5.0.0's `resize`, green channel.
struct ResizeTests {
  @Test func bilinearShrinking() {
    let resized = RGBImage.pattern(width: 40, height: 30).resized(width: 9, height: 7)
    expectGreen(
      of: resized,
      [
        121, 81, 104, 155, 170, 175, 135, 94, 120,
        216, 71, 153, 225, 93, 186, 180, 119, 143,
        106, 106, 130, 53, 99, 198, 146, 138, 93,
        111, 157, 154, 123, 105, 209, 134, 160, 100,
        115, 199, 121, 192, 111, 220, 101, 191, 107,
        177, 45, 152, 244, 126, 231, 89, 188, 57,
        165, 96, 111, 90, 123, 156, 134, 149, 146,
      ])
  }

  @Test func bilinearEnlarging() {
    let resized = RGBImage.pattern(width: 4, height: 3).resized(width: 6, height: 5)
    expectGreen(
      of: resized,
      [
        53, 71, 96, 121, 145, 164,
        89, 109, 136, 162, 138, 106,
        144, 166, 195, 225, 126, 20,
        199, 146, 101, 133, 114, 87,
        235, 132, 38, 72, 106, 132,
      ])
  }

  @Test func areaShrinking() {
    let shrunk = RGBImage.pattern(width: 40, height: 30).shrunk(width: 9, height: 7)
    expectGreen(
      of: shrunk,
      [
        132, 130, 141, 126, 122, 146, 119, 130, 128,
        128, 131, 112, 134, 136, 100, 143, 125, 122,
        119, 136, 120, 118, 127, 132, 120, 127, 121,
        126, 155, 137, 121, 127, 148, 125, 129, 121,
        128, 129, 149, 127, 133, 131, 134, 140, 131,
        124, 128, 133, 145, 132, 143, 124, 130, 131,
        121, 116, 132, 144, 119, 127, 140, 121, 121,
      ])
  }

  @Test func sameSizeChangesNothing() {
    let image = RGBImage.pattern(width: 13, height: 7)
    #expect(image.resized(width: 13, height: 7) == image)
    #expect(image.shrunk(width: 13, height: 7) == image)
  }

  @Test func singlePixel() {
    let pixel = RGBImage(width: 1, height: 1, pixels: [1, 2, 250])
    #expect(pixel.resized(width: 3, height: 2).largestDifference { _, _ in [1, 2, 250] } == 0)
    #expect(RGBImage.pattern(width: 40, height: 30).shrunk(width: 1, height: 1).pixels.count == 3)
  }

  @Test func mirrored() {
    let image = RGBImage.pattern(width: 13, height: 7)
    let mirrored = image.mirrored()
    #expect(mirrored.largestDifference { x, y in image[12 - x, y] } == 0)
    #expect(mirrored.mirrored() == image)
  }

  private func expectGreen(of image: RGBImage, _ expected: [Int]) {
    #expect(image.width * image.height == expected.count)
    let difference = image.largestDifference { x, y in
      [image[x, y][0], expected[y * image.width + x], image[x, y][2]]
    }
    #expect(difference <= 1)
  }
}
