import Calibrate
import FaceqSupport

/// Pictures made of random discs: enough variety for statistics, without any photo.
package struct SyntheticFaces: FaceSource {
  package var count: Int
  package var seed: Int
  package var height: Int
  package var width: Int

  package init(count: Int, seed: Int = 0, height: Int = 112, width: Int = 112) {
    self.count = count
    self.seed = seed
    self.height = height
    self.width = width
  }

  package func pixels(_ index: Int) throws(FaceqError) -> [UInt8] {
    var state = UInt64(seed * 1000 + index + 1)
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let background = [random(256), random(256), random(256)]
    var pixels: [UInt8] = []
    for index in 0..<height * width * 3 { pixels.append(UInt8((background[index % 3] + index / 1344) % 256)) }
    for _ in 0..<12 {
      let (x, y, radius) = (random(width), random(height), 4 + random(30))
      let colour = [random(256), random(256), random(256)]
      for row in max(0, y - radius)..<min(height, y + radius) {
        for column in max(0, x - radius)..<min(width, x + radius) {
          let (down, right) = (row - y, column - x)
          guard down * down + right * right < radius * radius else { continue }
          let pixel = (row * width + column) * 3
          for channel in 0..<3 { pixels[pixel + channel] = UInt8(colour[channel]) }
        }
      }
    }
    return pixels
  }
}
