import FaceImages
import Foundation
import Testing

struct FaceQualityTests {
  @Test func poseOfTheTemplate() throws {
    let pose = try #require(FacePose(landmarks: FaceTemplate.arcFace112))
    #expect(abs(pose.yaw) < 2 && abs(pose.pitch) < 10 && abs(pose.roll) < 1)
  }

  @Test func turnedHeads() throws {
    var turned = FaceTemplate.arcFace112
    turned[2].x += 10
    #expect(try #require(FacePose(landmarks: turned)).yaw > 25)
    turned[2].x -= 20
    #expect(try #require(FacePose(landmarks: turned)).yaw < -25)
    var raised = FaceTemplate.arcFace112
    raised[2].y -= 8
    var lowered = FaceTemplate.arcFace112
    lowered[2].y += 8
    #expect(try #require(FacePose(landmarks: raised)).pitch > #require(FacePose(landmarks: lowered)).pitch + 35)
  }

  /// Turning and scaling a picture changes the roll alone.
  @Test(arguments: [-170, -90, -33, 5, 45, 90, 135, 179])
  func roll(degrees: Int) throws {
    let frontal = try #require(FacePose(landmarks: FaceTemplate.arcFace112))
    let angle = Float(degrees) * .pi / 180
    let turned = FaceTemplate.arcFace112.map {
      Point(x: 3 * (cos(angle) * $0.x - sin(angle) * $0.y) + 7, y: 3 * (sin(angle) * $0.x + cos(angle) * $0.y) - 9)
    }
    let pose = try #require(FacePose(landmarks: turned))
    #expect(abs(pose.yaw - frontal.yaw) < 0.01 && abs(pose.pitch - frontal.pitch) < 0.01)
    let difference = abs(pose.roll - frontal.roll - Float(degrees))
    #expect(min(difference, abs(difference - 360)) < 0.01)
  }

  @Test func noPose() {
    #expect(FacePose(landmarks: []) == nil)
    #expect(FacePose(landmarks: Array(repeating: Point(x: 3, y: 4), count: 5)) == nil)
    var odd = FaceTemplate.arcFace112
    odd[3].x = .nan
    #expect(FacePose(landmarks: odd) == nil)
    #expect(FaceQuality(of: .pattern(width: 50, height: 50), landmarks: odd) == nil)
    odd[3].x = .greatestFiniteMagnitude
    _ = FaceQuality(of: .pattern(width: 50, height: 50), landmarks: odd)
  }

  /// A picture of one colour has nothing fine, no contrast, and is hopeless.
  @Test(arguments: [0, 128, 255] as [UInt8])
  func plain(value: UInt8) throws {
    let quality = try #require(FaceQuality(of: plainFace(value), landmarks: FaceTemplate.arcFace112))
    #expect(quality.brightness == Float(value) && quality.contrast == 0 && quality.sharpness == 0)
    #expect(quality.clipped == (value == 128 ? 0 : 1) && quality.missing == 0)
    #expect(quality.verdict == 0 && quality.flaw != nil)
  }

  /// Half of the aligned picture shows nothing; what is not there does not count as black.
  @Test func cutOff() throws {
    let half = RGBImage(width: 56, height: 112, pixels: Array(repeating: 128, count: 3 * 56 * 112))
    let quality = try #require(FaceQuality(of: half, landmarks: FaceTemplate.arcFace112))
    #expect(abs(quality.missing - 0.5) < 0.01 && quality.clipped == 0 && quality.brightness == 128)
    let away = FaceTemplate.arcFace112.map { Point(x: $0.x + 1000, y: $0.y) }
    let nothing = try #require(FaceQuality(of: half, landmarks: away))
    #expect(nothing.missing == 1 && nothing.verdict == 0)
  }

  private func plainFace(_ value: UInt8) -> RGBImage {
    RGBImage(width: 112, height: 112, pixels: Array(repeating: value, count: 3 * 112 * 112))
  }
}
