import FaceImages
import FaceqSupport
import Testing

struct ReadJPEGTests {
  @Test(arguments: ["baseline.jpg", "progressive.jpg"])
  func colour(name: String) throws {
    let image = try readImage(path: FilePath(testImage(name)))
    #expect(image.width == 24 && image.height == 16)
    #expect(image.largestDifference(from: gradient) <= 4)
  }

  @Test func subsampledColour() throws {
    let image = try readImage(path: FilePath(testImage("subsampled.jpg")))
    #expect(image.largestDifference(from: gradient) <= 16)
  }

  @Test func greyFillsAllChannels() throws {
    let image = try readImage(path: FilePath(testImage("grey.jpg")))
    #expect(image.largestDifference { x, _ in [x * 10, x * 10, x * 10] } <= 3)
  }

  /// Inks cyan 10x, magenta 15y, black 4(x + y), stored inverted, directly and by way of YCCK.
  @Test(arguments: ["cmyk.jpg", "ycck.jpg"])
  func inks(name: String) throws {
    let image = try readImage(path: FilePath(testImage(name)))
    let difference = image.largestDifference { x, y in
      let light = 255 - 4 * (x + y)
      return [(255 - x * 10) * light / 255, (255 - y * 15) * light / 255, light]
    }
    #expect(difference <= 6)
  }

  /// EXIF: where the first stored row, and where the first stored column, is in the upright picture.
  @Test(arguments: [
    (1, "top", "left"), (2, "top", "right"), (3, "bottom", "right"), (4, "bottom", "left"), (5, "left", "top"),
    (6, "right", "top"), (7, "right", "bottom"), (8, "left", "bottom"),
  ])
  func orientation(value: Int, row: String, column: String) throws {
    let image = try readImage(path: FilePath(testImage("orientation-\(value).jpg")))
    let exchanged = value >= 5
    #expect(image.width == (exchanged ? 16 : 24) && image.height == (exchanged ? 24 : 16))
    let difference = image.largestDifference { x, y in
      func distance(from side: String) -> Int {
        switch side {
        case "top": y
        case "bottom": image.height - 1 - y
        case "left": x
        default: image.width - 1 - x
        }
      }
      return gradient(x: distance(from: column), y: distance(from: row))
    }
    #expect(difference <= 4)
  }

  @Test func singlePixel() throws {
    let image = try readImage(path: FilePath(testImage("one-pixel.jpg")))
    #expect(image == RGBImage(width: 1, height: 1, pixels: [128, 128, 128]))
  }
}
