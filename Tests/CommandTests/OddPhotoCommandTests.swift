import FaceImages
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// Photos as people have them, through the program.
@Suite(
  .enabled(
    if: hasNumPy && testPictures != nil && trainedDetector != nil,
    "needs python3 with numpy, ../shared or photos, and MTCNN; scripts/test fetches the last two"))
struct OddPhotoCommandTests {
  let bench: Bench

  init() throws { bench = try Workshop.shared.get().bench() }

  private func faceq(_ arguments: [String]) throws -> ProgramResult {
    try bench.faceq(arguments, environment: ["FACEQ_DETECTOR": trainedDetector ?? ""])
  }

  private func faces(_ name: String) throws -> [[String: Any]] {
    let result = try faceq(["detect", name, "--json"])
    let photos = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    return try #require(photos.first?["faces"] as? [[String: Any]])
  }

  @Test func anUpsideDownPhotoIsTurnedAndThatIsSaid() throws {
    let plain = try readImage(path: FilePath(#require(testPictures).upright))
    try writeJPEG(plain, to: FilePath(bench.folder("plain.jpg")))
    try writeJPEG(plain.turned(to: .upsideDown), to: FilePath(bench.folder("upside_down.jpg")))
    let upright = try #require(try faces("plain.jpg").first)
    let turned = try #require(try faces("upside_down.jpg").first)
    #expect(upright["upside_down"] as? Bool == false && turned["upside_down"] as? Bool == true)
    let eyes = (turned["landmarks"] as? [[Double]] ?? []).map { $0[1] }
    #expect(eyes.count == 5 && eyes[0] > eyes[3] && eyes[1] > eyes[4], "the eyes are the lower ones")

    let result = try faceq([
      "compare", "--model", "se.int8.gguf", "plain.jpg", "upside_down.jpg",
    ])
    #expect(result.status == 0)
    #expect(result.errors.contains("upside_down.jpg is upside down"))
    let cosine = result.output.split(separator: "\n").first { $0.hasPrefix("cosine") }?.split(separator: " ")
      .dropFirst().first
    #expect(cosine.flatMap { Double($0) } ?? 0 > 0.9)
  }

  @Test(.enabled(if: sharedCases != nil, "needs ../shared/cases")) func oddFilesAreToldOfOnlyWhenAsked() throws {
    let photos = ["samsung_sos.jpg", "icc_bad.png"].map { cases + "/images/" + $0 }
    let quiet = try faceq(["embed", bench.folder("se.int8.gguf")] + photos)
    #expect(quiet.status == 0 && quiet.errors == "")
    let verbose = try faceq(["embed", bench.folder("se.int8.gguf"), "--verbose"] + photos)
    #expect(verbose.status == 0 && verbose.output == quiet.output)
    #expect(verbose.errorLines.count == 2)
    for (line, photo) in zip(verbose.errorLines, photos) {
      #expect(line.contains("\(photo) is read, although it is odd"))
    }
  }

  @Test func tightCropsAreTakenWhereThatIsAllowed() throws {
    let crops = try #require(testPictures).tightCrops
    let strict = try faceq(["embed", bench.folder("se.int8.gguf")] + crops)
    #expect(strict.status == 1 && strict.errors.contains("it is cut off by the picture's edge"))
    let allowed = try faceq(["embed", bench.folder("se.int8.gguf"), "--allow-cut-off"] + crops)
    #expect(allowed.status == 0 && allowed.errors == "")
    #expect(allowed.output.split(separator: "\n").count { $0.contains(".png: ") } == 3)
  }
}

private let cases = sharedCases ?? ""
