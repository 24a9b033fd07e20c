import FaceImages
import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Files that other programs read without a word: libjpeg or libpng warns of them and decodes every pixel.
struct OddImageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ bytes: [UInt8], _ name: String = "odd") throws -> PhotoPart {
    try Photo(path: FilePath(folder.write(name, bytes))).whole()
  }

  private func expectDamaged(_ bytes: [UInt8], _ comment: Comment) throws {
    let path = try folder.write("damaged", bytes)
    let message = failure { () throws(FaceqError) in try readImage(path: FilePath(path)) }
    #expect(message?.hasPrefix("cannot read \(path): it is a damaged") == true, comment)
  }

  private static let images = ["baseline.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg", "subsampled.jpg"]

  @Test(arguments: images) func bytesBeforeTheEndMarker(name: String) throws {
    var file = try bytes(of: testImage(name))
    // Decoders read a few bytes ahead, and would not notice so few.
    file.insert(contentsOf: [UInt8](repeating: 7, count: 64), at: file.count - 2)
    let photo = try read(file)
    #expect(photo.image == (try readImage(path: FilePath(testImage(name)))))
    #expect(photo.oddities.count == 1 && photo.oddities[0].contains("extraneous bytes"))
  }

  @Test(arguments: images) func noEndMarker(name: String) throws {
    let photo = try read(Array(try bytes(of: testImage(name)).dropLast(2)))
    #expect(photo.image == (try readImage(path: FilePath(testImage(name)))))
    #expect(photo.oddities == ["Premature end of JPEG file"])
  }

  @Test(arguments: images) func bytesAfterTheEndMarkerAndBetweenSegments(name: String) throws {
    let expected = try readImage(path: FilePath(testImage(name)))
    let file = try bytes(of: testImage(name))
    #expect(try read(file + Array("a phone's private data".utf8)).image == expected)
    let between = Array(file[..<2]) + [0xff, 0xe5, 0, 4, 1, 2] + [7, 7, 7] + Array(file[2...])
    #expect(try read(between).image == expected)
  }

  /// Samsung's front cameras write zeros there.
  @Test func scanParametersThatDoNotMatter() throws {
    var file = try bytes(of: testImage("baseline.jpg"))
    let scan = try #require(file.indices.dropLast().first { file[$0] == 0xff && file[$0 + 1] == 0xda })
    let end = scan + 2 + Int(file[scan + 3])
    #expect(Array(file[end - 3..<end]) == [0, 63, 0])
    file.replaceSubrange(end - 3..<end, with: [0, 0, 0])
    let photo = try read(file)
    #expect(photo.image == (try readImage(path: FilePath(testImage("baseline.jpg")))))
    #expect(photo.oddities == ["Invalid SOS parameters for sequential JPEG"])
  }

  /// However little is missing of the pixels.
  @Test(arguments: images) func missingPixelsAreDamage(name: String) throws {
    let file = try bytes(of: testImage(name))
    let scan = try #require(file.indices.dropLast().last { file[$0] == 0xff && file[$0 + 1] == 0xda })
    let start = scan + 2 + Int(file[scan + 3])
    // The last byte of the pixels may be no more than padding.
    for length in start..<max(start + 1, file.count - 3) {
      try expectDamaged(Array(file[..<length]), "\(length) of \(file.count)")
    }
  }

  @Test func scansThatNeverCameAreDamage() throws {
    let file = try bytes(of: testImage("progressive.jpg"))
    let scans = file.indices.dropLast().filter { file[$0] == 0xff && file[$0 + 1] == 0xda }
    try #require(scans.count > 2)
    for scan in scans.dropFirst() { try expectDamaged(Array(file[..<scan]), "cut before the scan at \(scan)") }
  }

  @Test func otherFormatsAreNamed() throws {
    let kinds: [([UInt8], String)] = [
      (Array("RIFF\0\0\0\0WEBPVP8 ".utf8), "a WebP image"), (Array("\0\0\0\u{18}ftypheic".utf8), "a HEIC image"),
      (Array("\0\0\0\u{18}ftypavif".utf8), "an AVIF image"), (Array("\0\0\0\u{18}ftypisom".utf8), "a video"),
      (Array("GIF89a".utf8), "a GIF image"), (Array("BM1234".utf8), "a BMP image"),
      (Array("II*\0".utf8), "a TIFF image or a camera's raw file"), (Array("8BPS".utf8), "a Photoshop file"),
      (Array("%PDF-1.7".utf8), "a PDF document"), (Array("\n<!DOCTYPE html>".utf8), "a web page"),
      (Array("GGUF".utf8), "a model file"),
    ]
    for (file, kind) in kinds {
      let path = try folder.write("other.jpg", file)
      let message = failure { () throws(FaceqError) in try readImage(path: FilePath(path)) }
      #expect(message?.hasPrefix("cannot read \(path): it is \(kind)") == true, "\(message ?? "")")
    }
  }
}

/// A PNG's side chunks, which pixels do not depend on.
struct OddPNGTests {
  private let folder: TemporaryFolder
  private let image = RGBImage.pattern(width: 9, height: 5)
  private let file: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    try writePNG(image, to: FilePath(folder.path + "/plain.png"))
    file = try bytes(of: folder.path + "/plain.png")
  }

  private func chunk(_ type: String, _ content: [UInt8], isDamaged: Bool = false) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt32(content.count).bigEndian) { Array($0) }
    let body = Array(type.utf8) + content
    return length + body + crc32(body[...]).map { isDamaged ? ~$0 : $0 }
  }

  /// Behind the header, or in front of the end.
  private func with(_ chunks: [UInt8], atEnd: Bool = false) -> [UInt8] {
    let position = atEnd ? file.count - 12 : 33
    return Array(file[..<position]) + chunks + Array(file[position...])
  }

  private func read(_ bytes: [UInt8]) throws -> PhotoPart {
    try Photo(path: FilePath(folder.write("odd.png", bytes))).whole()
  }

  @Test func warningsAreNoDamage() throws {
    let odd: [[UInt8]] = [
      chunk("sRGB", [0]) + chunk("sRGB", [0]), chunk("sRGB", [0]) + chunk("gAMA", [0, 0, 0x10, 0]),
      chunk("iCCP", Array("profile\0\0not zlib".utf8)), chunk("iCCP", [1]), chunk("pHYs", [1, 2, 3]),
      chunk("tIME", [7, 0xE0, 99, 99, 99, 99, 99]), chunk("tEXt", Array("a\0b".utf8), isDamaged: true),
      chunk("zTXt", [0, 0, 0]), chunk("cHRM", [0]), chunk("teSt", [1, 2, 3]),
    ]
    for (index, chunks) in odd.enumerated() { #expect(try read(with(chunks)).image == image, "chunk \(index)") }
    #expect(try read(with(odd[2])).oddities.count == 1)
  }

  @Test func missingPixelsAreDamage() throws {
    let end = file.count - 12
    for length in 40..<end - 12 {
      let path = try folder.write("cut.png", Array(file[..<length]))
      let message = failure { () throws(FaceqError) in try readImage(path: FilePath(path)) }
      #expect(message?.contains("a damaged PNG image") == true, "\(length) of \(file.count)")
    }
  }

  @Test(arguments: [false, true]) func orientationIsRead(atEnd: Bool) throws {
    for (value, turned) in OrientationTests.pattern(width: 9, height: 5) {
      let exif = OrientationTests.tiff(value, type: 3, isBigEndian: true)
      #expect(try read(with(chunk("eXIf", exif), atEnd: atEnd)).image == turned, "orientation \(value)")
    }
    let damaged = chunk("eXIf", OrientationTests.tiff(3, type: 3, isBigEndian: true), isDamaged: true)
    #expect(try read(with(damaged, atEnd: atEnd)).image == image)
  }
}

/// EXIF's orientation in every form that programs write it in.
struct OrientationTests {
  /// The pattern as it must come out, for each orientation that turns it.
  static func pattern(width: Int, height: Int) -> [(value: Int, turned: RGBImage)] {
    let image = RGBImage.pattern(width: width, height: height)
    func picture(_ width: Int, _ height: Int, _ source: (_ x: Int, _ y: Int) -> (Int, Int)) -> RGBImage {
      var pixels: [UInt8] = []
      for y in 0..<height {
        for x in 0..<width { pixels += image[source(x, y).0, source(x, y).1].map(UInt8.init) }
      }
      return RGBImage(width: width, height: height, pixels: pixels)
    }
    let (last, lowest) = (width - 1, height - 1)
    return [
      (1, image), (3, picture(width, height) { (last - $0, lowest - $1) }),
      (6, picture(height, width) { x, y in (y, lowest - x) }), (8, picture(height, width) { x, y in (last - y, x) }),
    ]
  }

  /// A TIFF structure with the orientation alone.
  static func tiff(_ value: Int, type: Int, isBigEndian: Bool) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      let little = (0..<size).map { UInt8(value >> (8 * $0) & 255) }
      return isBigEndian ? little.reversed() : little
    }
    let size = [1: 1, 3: 2, 4: 4][type] ?? 2
    let field = number(value, size) + [UInt8](repeating: 0, count: 4 - size)
    return Array((isBigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8, 4) + number(1, 2)
      + number(0x0112, 2) + number(type, 2) + number(1, 4) + field + number(0, 4)
  }

  @Test(arguments: [1, 3, 4], [false, true]) func everyType(type: Int, isBigEndian: Bool) throws {
    let folder = try TemporaryFolder()
    let file = try bytes(of: testImage("orientation-1.jpg"))
    let upright = try readImage(path: FilePath(testImage("baseline.jpg")))
    for value in [1, 3, 6, 8] {
      let exif = Array("Exif\0\0".utf8) + OrientationTests.tiff(value, type: type, isBigEndian: isBigEndian)
      let segment = [0xff, 0xe1, 0, UInt8(exif.count + 2)] + exif
      // In front of the segment that the file has, which says 1, and behind one that says nothing.
      let other = [0xff, 0xe1, 0, 10] + Array("http://a".utf8)
      let path = try folder.write("turned.jpg", Array(file[..<2]) + other + segment + Array(file[2...]))
      let image = try readImage(path: FilePath(path))
      #expect((image.width == upright.width) == (value < 5), "orientation \(value)")
      let corner = [1: (0, 0), 3: (23, 15), 6: (15, 0), 8: (0, 23)][value] ?? (0, 0)
      let stored = try readImage(path: FilePath(testImage("orientation-1.jpg")))
      #expect(image[corner.0, corner.1] == stored[0, 0], "orientation \(value)")
    }
  }
}

/// The inputs of ../shared/cases, each as its README says.
@Suite(.enabled(if: sharedCases != nil, "needs ../shared/cases"))
struct SharedCaseTests {
  private func image(_ name: String) throws -> RGBImage {
    try readImage(path: FilePath((sharedCases ?? "") + "/images/" + name))
  }

  @Test func oddFilesAreReadLikePlainOnes() throws {
    let plain = try image("plain.jpg")
    for name in ["samsung_sos.jpg", "pad_before_eoi.jpg", "saved.jfif"] { #expect(try image(name) == plain, "\(name)") }
    let pixels = try image("phys_time_bad.png")
    for name in ["srgb_gama.png", "dup_srgb.png", "icc_bad.png"] { #expect(try image(name) == pixels, "\(name)") }
    #expect(try image("gray_rgb_icc.png").pixels.count == pixels.pixels.count)
  }

  @Test func filesWithoutTheirPixelsAreRefused() throws {
    for name in ["half.jpg", "trunc.png"] {
      #expect(throws: FaceqError.self, "\(name)") { try image(name) }
    }
  }

  @Test func orientationsCount() throws {
    #expect(try image("orient3_long.jpg") == image("orient3_short.jpg"))
    let (upright, turned) = (try image("plain.jpg"), try image("orient_long.jpg"))
    #expect(turned.width == upright.width && turned.height == upright.height)
    #expect(try image("exif6.png").width == upright.width)
  }
}
