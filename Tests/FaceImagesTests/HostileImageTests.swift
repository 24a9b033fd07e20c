import FaceImages
import FaceqSupport
import Foundation
import TestSupport
import Testing

struct HostileImageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// All pixels lie in front of the end marker, which has two bytes.
  @Test(arguments: ["baseline.jpg", "progressive.jpg", "cmyk.jpg"])
  func everyTruncatedJPEGIsAnError(name: String) throws {
    let whole = try bytes(of: testImage(name))
    for count in 0..<whole.count - 2 {
      let path = try folder.write("cut.jpg", Array(whole[..<count]))
      let message = failure { () throws(FaceqError) in try readImage(path: FilePath(path)) }
      #expect(message?.contains(path) == true, "\(count) of \(whole.count) bytes")
    }
  }

  /// All pixels lie in front of the last chunk, which has 12 bytes.
  @Test(arguments: ["rgb.png", "alpha.png", "interlaced.png"])
  func everyTruncatedPNGIsAnError(name: String) throws {
    let whole = try bytes(of: testImage(name))
    for count in 0..<whole.count - 12 {
      let path = try folder.write("cut.png", Array(whole[..<count]))
      let message = failure { () throws(FaceqError) in try readImage(path: FilePath(path)) }
      #expect(message?.contains(path) == true, "\(count) of \(whole.count) bytes")
    }
  }

  /// A JPEG has no check sum: a flipped bit may give another picture, but never a trap or a nameless error.
  @Test(arguments: ["baseline.jpg", "progressive.jpg", "ycck.jpg", "orientation-6.jpg"])
  func flippedBitsInJPEG(name: String) throws {
    let whole = try bytes(of: testImage(name))
    var errors = 0
    for position in whole.indices {
      var damaged = whole
      damaged[position] ^= 1 << UInt8(position % 8)
      let path = try folder.write("flipped.jpg", damaged)
      let message = failure { () throws(FaceqError) in
        try readImage(path: FilePath(path), limits: ImageLimits(maximumPixels: 1_000_000))
      }
      if let message {
        errors += 1
        #expect(message.contains(path), "bit of byte \(position)")
      }
    }
    #expect(errors > whole.count / 10)
  }

  @Test(arguments: ["rgb.png", "palette.png", "alpha.png", "interlaced.png"])
  func flippedBitsInPNGAreNoticedOrHarmless(name: String) throws {
    let whole = try bytes(of: testImage(name))
    let original = try readImage(path: FilePath(testImage(name)))
    for position in whole.indices {
      var damaged = whole
      damaged[position] ^= 1 << UInt8(position % 8)
      let path = try folder.write("flipped.png", damaged)
      do throws(FaceqError) {
        #expect(try readImage(path: FilePath(path)) == original, "bit of byte \(position)")
      } catch {
        #expect(error.message.contains(path), "bit of byte \(position)")
      }
    }
  }

  /// 20,000 × 20,000 pixels of three bytes would be 1.2 GB.
  @Test func lyingJPEGHeader() throws {
    let path = try folder.write("huge.jpg", try jpeg("baseline.jpg", side: 20_000))
    let message = failure { () throws(FaceqError) in try readImage(path: FilePath(path)) }
    #expect(message?.hasPrefix("cannot read \(path): it has 20000 × 20000 pixels, more than the 64000000") == true)
  }

  /// At an eighth it has 6 million pixels, so it is the missing data that is reported.
  @Test func reducedSizeCountsForTheLimit() throws {
    let path = try folder.write("huge.jpg", try jpeg("baseline.jpg", side: 20_000))
    let message = failure { () throws(FaceqError) in try Photo(path: FilePath(path)).whole(atLeast: (1000, 1000)) }
    #expect(message?.contains("damaged") == true)
  }

  /// A progressive decoder holds the coefficients of the whole picture.
  @Test func reducedSizeDoesNotHelpAProgressiveJPEG() throws {
    let path = try folder.write("huge.jpg", try jpeg("progressive.jpg", side: 20_000))
    let message = failure { () throws(FaceqError) in try Photo(path: FilePath(path)).whole(atLeast: (1000, 1000)) }
    #expect(message?.contains("20000 × 20000") == true)
  }

  @Test func lyingPNGHeader() throws {
    var file = try bytes(of: testImage("rgb.png"))
    file.replaceSubrange(16..<24, with: [0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20])
    file.replaceSubrange(29..<33, with: crc32(file[12..<29]))
    let path = try folder.write("huge.png", file)
    let message = failure { () throws(FaceqError) in try readImage(path: FilePath(path)) }
    #expect(message?.hasPrefix("cannot read \(path): it has 20000 × 20000 pixels, more than the 64000000") == true)
  }

  @Test func emptyFile() throws {
    let path = try folder.write("empty.jpg", [])
    let message = failure { () throws(FaceqError) in try readImage(path: FilePath(path)) }
    #expect(message?.contains(path) == true)
  }

  @Test func notAnImage() throws {
    let path = try folder.write("text.jpg", Array("Dear reader".utf8))
    let message = failure { () throws(FaceqError) in try readImage(path: FilePath(path)) }
    #expect(message == "cannot read \(path): it is neither a JPEG nor a PNG image; convert it to one of them")
  }

  @Test func fileOverTheByteLimit() throws {
    let path = testImage("rgb.png")
    let message = failure { () throws(FaceqError) in
      try readImage(path: FilePath(path), limits: ImageLimits(maximumFileBytes: 90))
    }
    #expect(message?.hasPrefix("cannot read \(path): it has 91 bytes, more than the 90") == true)
  }

  @Test func missingFileAndFolder() {
    for path in [folder.path + "/none.jpg", folder.path] {
      let message = failure { () throws(FaceqError) in try readImage(path: FilePath(path)) }
      #expect(message?.contains(path) == true)
    }
  }

  /// The test image with another width and height in its frame header.
  private func jpeg(_ name: String, side: Int) throws -> [UInt8] {
    var file = try bytes(of: testImage(name))
    let frame = try #require(file.indices.dropLast().first { file[$0] == 0xff && [0xc0, 0xc2].contains(file[$0 + 1]) })
    let size = [UInt8(side >> 8), UInt8(side & 255)]
    file.replaceSubrange(frame + 5..<frame + 9, with: size + size)
    return file
  }
}
