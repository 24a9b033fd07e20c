import FaceImages
import FaceqSupport
import Foundation
import Testing

struct ReadPNGTests {
  @Test(arguments: ["rgb.png", "interlaced.png", "rgb-16.png"])
  func colour(name: String) throws {
    let image = try readImage(path: FilePath(testImage(name)))
    #expect(image.width == 24 && image.height == 16)
    #expect(image.largestDifference(from: gradient) == 0)
  }

  @Test(arguments: ["grey.png", "grey-16.png"])
  func grey(name: String) throws {
    let image = try readImage(path: FilePath(testImage(name)))
    #expect(image.largestDifference { x, _ in [x * 10, x * 10, x * 10] } == 0)
  }

  @Test func oneBit() throws {
    let image = try readImage(path: FilePath(testImage("one-bit.png")))
    #expect(image.largestDifference { x, y in Array(repeating: (x + y) % 2 * 255, count: 3) } == 0)
  }

  /// The gradient in sixteen colours.
  @Test func palette() throws {
    let image = try readImage(path: FilePath(testImage("palette.png")))
    #expect(Set((0..<24).flatMap { x in (0..<16).map { image[x, $0] } }).count == 16)
    #expect(image[0, 0] == [50, 15, 36] && image[12, 3] == [135, 68, 108] && image[23, 15] == [200, 210, 204])
  }

  /// Transparent, half transparent and opaque thirds.
  @Test func alphaIsBlendedWithWhiteInLinearLight() throws {
    func linear(_ value: Int) -> Double {
      let v = Double(value) / 255
      return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
    }
    func stored(_ light: Double) -> Int {
      Int((255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055)).rounded())
    }
    let image = try readImage(path: FilePath(testImage("alpha.png")))
    let difference = image.largestDifference { x, y in
      let alpha = x < 8 ? 0 : x < 16 ? 128.0 / 255 : 1
      return gradient(x: x, y: y).map { stored(linear($0) * alpha + 1 - alpha) }
    }
    #expect(difference <= 2)
  }

  @Test func singlePixel() throws {
    let image = try readImage(path: FilePath(testImage("one-pixel.png")))
    #expect(image == RGBImage(width: 1, height: 1, pixels: [10, 20, 30]))
  }
}
