/// A picture that every machine generates alike: the input of `faceq selftest`.
///
/// With u = ⌊256·x / width⌋, v = ⌊256·y / height⌋ and the triangle wave w(t) = min(|t mod 512 − 256|, 255), a pixel is
///
///     red = w(3u + v)   green = w(2v + u + 90)   blue = w(5u − 3v + 800)
///
/// Red and blue change places within the disc (u − 120)² + (v − 136)² < 80², and all three are halved in every third
/// field of a board of 32 × 32, ⌊u/32⌋ + 2·⌊v/32⌋ ≡ 0 (mod 3): colours and slopes with edges between them, and nobody's
/// face.
///
/// - Returns: RGB [row][column][3].
public func selfTestPattern(height: Int, width: Int) -> [UInt8] {
  var pixels: [UInt8] = []
  pixels.reserveCapacity(height * width * 3)
  for y in 0..<height {
    let v = 256 * y / height
    for x in 0..<width {
      let u = 256 * x / width
      let isInDisc = (u - 120) * (u - 120) + (v - 136) * (v - 136) < 80 * 80
      let isDark = (u / 32 + 2 * (v / 32)) % 3 == 0
      let (red, green, blue) = (triangle(3 * u + v), triangle(2 * v + u + 90), triangle(5 * u - 3 * v + 800))
      for value in isInDisc ? [blue, green, red] : [red, green, blue] {
        pixels.append(UInt8(isDark ? value / 2 : value))
      }
    }
  }
  return pixels
}

/// Falls from 255 to 0 and rises again over 512 steps; `position` ≥ 0.
private func triangle(_ position: Int) -> Int { min(abs(position % 512 - 256), 255) }
