import FaceqKit
import TestSupport
import Testing

/// The programs in Examples do what they say.
@Suite(.enabled(if: canDetect, Comment(rawValue: detectingNeeds)))
struct ExampleTests {
  let models: Models

  init() throws { models = try Models.shared.get() }

  @Test func comparePhotos() throws {
    let (first, second) = (models.pictures.aligned[0], models.pictures.aligned[1])
    #expect(try run("ComparePhotos", models.model, models.detector, first, second).hasPrefix("one person, cosine 0."))
    let other = models.photos + "/jf.jpg"
    #expect(try run("ComparePhotos", models.model, models.detector, first, other).hasPrefix("two people, cosine "))
    #expect(try run("ComparePhotos", models.model, models.detector, "none.jpg", other).contains("none.jpg"))
  }

  @Test func identifyPeople() throws {
    let bank = models.folder("example.bank")
    let output = try run(
      "IdentifyPeople", models.model, models.detector, bank, models.pictures.aligned[1],
      "Al", models.pictures.aligned[0], "Josephine", models.photos + "/jf.jpg")
    #expect(output.hasPrefix("Al 0."))
  }

  @Test func cameraFrames() throws {
    let photo = try FacePicture(path: models.photos + "/office3.jpg")
    var frame: [UInt8] = []
    let pixels = try photo.pixels
    for pixel in stride(from: 0, to: pixels.count, by: 3) {
      frame += [pixels[pixel + 2], pixels[pixel + 1], pixels[pixel]]
    }
    try models.folder.write(frame + frame, to: "frames.raw")
    let command = "\(program("CameraFrames")) \(models.model) \(models.detector) \(photo.width) \(photo.height)"
    let output = try runProgram("/bin/sh", ["-c", command + " < " + models.folder("frames.raw")]).output
    let lines = output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("frame 2: a face of ") && $0.hasSuffix("128 components") })
    #expect(lines.count { $0.hasPrefix("frame 1") } == lines.count { $0.hasPrefix("frame 2") })
  }
}
