import FaceImages
import FaceqSupport
import Testing

struct FaceFaultTests {
  /// The template's face, with this size and place.
  private func face(scale: Float = 1, x: Float = 50, y: Float = 50) -> [Point] {
    FaceTemplate.arcFace112.map { Point(x: $0.x * scale + x, y: $0.y * scale + y) }
  }

  private func fault(_ landmarks: [Point]) -> FaceFault? { FaceFault(landmarks: landmarks, width: 300, height: 260) }

  @Test func goodFaces() {
    #expect(fault(face()) == nil)
    #expect(fault(face(scale: 0.26)) == nil)
    #expect(fault(face(scale: 2, x: 30, y: 10)) == nil)
    // Turned by 60 degrees.
    let turned = face(x: -56, y: -64).map {
      Point(x: 0.5 * $0.x - 0.866 * $0.y + 150, y: 0.866 * $0.x + 0.5 * $0.y + 130)
    }
    #expect(fault(turned) == nil)
  }

  @Test func tooSmall() { #expect(fault(face(scale: 0.24)) == .tooSmall) }

  @Test func cutOff() {
    #expect(fault(face(x: -45, y: 50)) == .cutOff)
    #expect(fault(face(x: 50, y: 180)) == .cutOff)
    // All landmarks inside, but a third of the aligned picture is not.
    #expect(fault(face(x: -37, y: 50)) == .cutOff)
    #expect(fault(face(x: -20, y: 50)) == nil)
  }

  @Test func eyesBelowMouth() {
    #expect(fault(face(x: -150, y: -150).map { Point(x: -$0.x, y: -$0.y) }) == .upsideDown)
  }

  @Test func noFaceLooksLikeThis() {
    var nose = face()
    nose[2].x += 60
    #expect(fault(nose) == .distorted)
    // Mirrored: the left eye on the right.
    #expect(fault(face().map { Point(x: 250 - $0.x, y: $0.y) }) == .distorted)
    #expect(fault(Array(repeating: Point(x: 9, y: 9), count: 5)) == .distorted)
    #expect(fault(Array(face().dropLast())) == .distorted)
    #expect(fault(face(x: .nan)) == .distorted)
    #expect(fault(face(x: .infinity)) == .distorted)
    #expect(fault(face(scale: 1e30)) != nil)
  }
}

struct FaceVariationTests {
  private let photo = RGBImage.pattern(width: 200, height: 180)
  private let landmarks = FaceTemplate.arcFace112.map { Point(x: $0.x + 40, y: $0.y + 30) }

  @Test func theSameSeedGivesTheSameFaces() throws {
    func faces(_ seed: UInt64) throws -> [RGBImage] {
      var generator = SplitMix64(state: seed)
      return try (0..<8).map { _ in
        try alignFace(photo, landmarks: landmarks, variation: FaceVariation(&generator))
      }
    }
    let first = try faces(1)
    #expect(try faces(1) == first)
    #expect(try faces(2) != first)
    #expect(first.allSatisfy { $0.width == 112 && $0.height == 112 })
    for (index, face) in first.enumerated() { #expect(!first[..<index].contains(face)) }
  }

  @Test func staysInItsBounds() {
    var generator = SplitMix64(state: 3)
    let variations = (0..<1000).map { _ in FaceVariation(&generator) }
    #expect(variations.allSatisfy { abs($0.shift.x) <= 4 && abs($0.shift.y) <= 4 })
    #expect(variations.allSatisfy { (0.93...1.07).contains($0.scale) && (0.75...1.25).contains($0.brightness) })
    #expect(variations.allSatisfy { abs($0.halfTangent) < 0.07 })
    let mirrored = variations.filter(\.mirrored).count
    #expect((400...600).contains(mirrored))
  }

  /// Every part by itself, on a smooth picture.
  @Test func doesWhatItSays() throws {
    var pixels: [UInt8] = []
    for y in 0..<180 { for x in 0..<200 { pixels += [UInt8(x), UInt8(y), 100] } }
    let smooth = RGBImage(width: 200, height: 180, pixels: pixels)
    var generator = SplitMix64(state: 1)
    var variation = FaceVariation(&generator)
    variation.shift = Point(x: 0, y: 0)
    variation.halfTangent = 0
    variation.scale = 1
    variation.mirrored = false
    variation.brightness = 1
    let plain = try alignFace(smooth, landmarks: landmarks)
    func varied() throws -> RGBImage { try alignFace(smooth, landmarks: landmarks, variation: variation) }
    #expect(try varied() == plain)
    variation.shift = Point(x: 3, y: -2)
    #expect(try varied()[50, 60] == [plain[50, 60][0] - 3, plain[50, 60][1] + 2, 100])
    variation.shift = Point(x: 0, y: 0)
    variation.scale = 1.05
    // 40 pixels right of the middle of 112 lies what was 38 pixels right of it.
    #expect(abs(try varied()[95, 55][0] - plain[93, 55][0]) <= 1)
    variation.scale = 1
    variation.halfTangent = 0.05
    // By 5.7 degrees clockwise: what was above the middle moves to the right.
    #expect(abs(try varied()[60, 15][0] - plain[56, 15][0]) <= 1)
    variation.halfTangent = 0
    variation.brightness = 0.8
    #expect(try varied()[50, 60][2] == 80)
    variation.brightness = 1
    variation.mirrored = true
    #expect(try varied() == plain.mirrored())
  }
}
