import FaceImages
import FaceqSupport
import Foundation
import TestSupport
import Testing

struct WriteImageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [(1, 1), (1, 9), (17, 1), (40, 30), (300, 200)])
  func pngKeepsEveryPixel(width: Int, height: Int) throws {
    let image = RGBImage.pattern(width: width, height: height)
    let path = folder.path + "/out.png"
    try writePNG(image, to: FilePath(path))
    #expect(try readImage(path: FilePath(path)) == image)
  }

  @Test func jpegKeepsAGradient() throws {
    let image = try readImage(path: FilePath(testImage("rgb.png")))
    let path = folder.path + "/out.jpg"
    try writeJPEG(image, to: FilePath(path))
    #expect(try readImage(path: FilePath(path)).largestDifference(from: gradient) <= 4)
  }

  @Test func lowerQualityIsSmaller() throws {
    let image = RGBImage.pattern(width: 64, height: 64)
    try writeJPEG(image, to: FilePath(folder.path + "/good.jpg"), quality: 90)
    try writeJPEG(image, to: FilePath(folder.path + "/bad.jpg"), quality: 10)
    #expect(try bytes(of: folder.path + "/bad.jpg").count < bytes(of: folder.path + "/good.jpg").count / 2)
  }

  @Test func replacesAFileAndLeavesNothingElse() throws {
    let path = try folder.write("out.png", [1, 2, 3])
    try writePNG(.pattern(width: 3, height: 2), to: FilePath(path))
    #expect(try readImage(path: FilePath(path)) == .pattern(width: 3, height: 2))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.png"])
  }

  @Test(arguments: [0, 101, -5])
  func impossibleQuality(quality: Int) {
    let path = folder.path + "/out.jpg"
    let message = failure { () throws(FaceqError) in
      try writeJPEG(.pattern(width: 2, height: 2), to: FilePath(path), quality: quality)
    }
    #expect(message == "cannot write \(path): there is no JPEG quality \(quality); choose one from 1 to 100")
  }

  @Test func tooWideForJPEG() {
    let path = folder.path + "/out.jpg"
    let message = failure { () throws(FaceqError) in
      try writeJPEG(.pattern(width: 65_501, height: 1), to: FilePath(path))
    }
    #expect(message?.contains("at most 65500") == true)
  }

  @Test func missingFolder() {
    let path = folder.path + "/none/out"
    for message in [
      failure { () throws(FaceqError) in try writePNG(.pattern(width: 2, height: 2), to: FilePath(path)) },
      failure { () throws(FaceqError) in try writeJPEG(.pattern(width: 2, height: 2), to: FilePath(path)) },
    ] {
      #expect(message?.contains(path) == true)
    }
  }
}
