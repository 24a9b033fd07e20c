public import FaceqSupport

/// A small change of how a face was taken: what turns a few portraits into a small calibration set.
public struct FaceVariation: Sendable, Equatable {
  /// How far the face is shifted, in pixels of the aligned picture.
  public var shift: Point
  /// The tangent of half the angle that the face is turned by, clockwise.
  public var halfTangent: Double
  public var scale: Double
  public var mirrored: Bool
  /// The factor on each channel's values.
  public var brightness: Float

  /// A random variation of up to 4 pixels, 8 degrees, 7 % of size and 25 % of brightness; one in two is mirrored.
  public init(_ generator: inout SplitMix64) {
    let tangentOf4Degrees = 0.069_93
    shift = Point(x: .random(in: -4...4, using: &generator), y: .random(in: -4...4, using: &generator))
    halfTangent = .random(in: -tangentOf4Degrees...tangentOf4Degrees, using: &generator)
    scale = .random(in: 0.93...1.07, using: &generator)
    mirrored = generator.next() >> 63 == 1
    brightness = .random(in: 0.75...1.25, using: &generator)
  }

  /// `alignment`, then this turn, scale (both around the middle of a picture of `size` × `size`) and shift.
  func changed(_ alignment: SimilarityTransform, size: Int) -> SimilarityTransform {
    let square = halfTangent * halfTangent
    let (a, b) = (scale * (1 - square) / (1 + square), scale * 2 * halfTangent / (1 + square))
    let middle = Double(size - 1) / 2
    let (x, y) = (alignment.shiftX - middle, alignment.shiftY - middle)
    return SimilarityTransform(
      a: a * alignment.a - b * alignment.b, b: b * alignment.a + a * alignment.b,
      shiftX: a * x - b * y + middle + Double(shift.x), shiftY: b * x + a * y + middle + Double(shift.y))
  }
}

extension RGBImage {
  func brightened(_ factor: Float) -> RGBImage {
    RGBImage(width: width, height: height, pixels: pixels.map { UInt8(min((Float($0) * factor).rounded(), 255)) })
  }
}
