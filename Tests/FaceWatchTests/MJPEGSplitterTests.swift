import FaceImages
import FaceWatch
import FaceqSupport
import Testing

struct MJPEGSplitterTests {
  /// A JPEG file in grey of which each value is told by the seed.
  static func picture(_ seed: UInt8) throws -> [UInt8] {
    let pixels = (0..<32 * 24 * 3).map { UInt8(truncatingIfNeeded: $0 / 3 * 7) &+ seed }
    return try encodeJPEG(RGBImage(width: 32, height: 24, pixels: pixels))
  }

  /// `picture` with a segment that has a whole JPEG file in it, as EXIF's thumbnails are.
  static func withThumbnail(_ picture: [UInt8], _ thumbnail: [UInt8]) -> [UInt8] {
    let length = thumbnail.count + 2
    return picture[..<2] + [0xff, 0xe1, UInt8(length >> 8), UInt8(length & 255)] + thumbnail + picture[2...]
  }

  /// What a splitter finds in a stream that is given in pieces of so many bytes, its end included.
  func pieces(_ stream: [UInt8], by count: Int, maximumBytes: Int = 1 << 20) -> [MJPEGSplitter.Piece] {
    var splitter = MJPEGSplitter(maximumBytes: maximumBytes)
    var pieces: [MJPEGSplitter.Piece] = []
    for start in stride(from: 0, to: stream.count, by: count) {
      splitter.append(stream[start..<min(start + count, stream.count)])
      while let piece = splitter.piece() { pieces.append(piece) }
    }
    if let piece = splitter.end() { pieces.append(piece) }
    return pieces
  }

  @Test(arguments: [1, 2, 3, 7, 64, 1000, 1 << 20])
  func framesAreTheSameHoweverTheyArrive(count: Int) throws {
    let (first, second) = (try Self.picture(1), try Self.picture(90))
    #expect(pieces(first + second + first, by: count) == [.frame(first), .frame(second), .frame(first)])
  }

  @Test(arguments: [1, 5, 1 << 20])
  func whatLiesBetweenFramesIsPassedOver(count: Int) throws {
    let frame = try Self.picture(3)
    let head = Array("\r\n--boundary\r\nContent-Type: image/jpeg\r\nContent-Length: \(frame.count)\r\n\r\n".utf8)
    #expect(pieces(head + frame + head + frame + [0xff, 0xd8, 0], by: count) == [.frame(frame), .frame(frame)])
  }

  @Test(arguments: [1, 17, 1 << 20])
  func thumbnailsDoNotCutFrames(count: Int) throws {
    let frame = Self.withThumbnail(try Self.picture(5), try Self.picture(6))
    #expect(pieces(frame + frame, by: count) == [.frame(frame), .frame(frame)])
  }

  @Test func everyMarkerOfAScanIsUnderstood() {
    // Fill bytes before markers, restart markers, 0xff00 in the data, a second scan, and a marker without a segment.
    let firstScan: [UInt8] = [0xff, 0xda, 0, 3, 0xd9, 0x12, 0xff, 0, 0xff, 0xd0, 0xd9]
    let secondScan: [UInt8] = [0xff, 0xda, 0, 2, 0x55, 0xff, 0xd7, 0x66]
    let frame: [UInt8] =
      [0xff, 0xd8, 0xff, 0xff, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0x01] + firstScan
      + [0xff, 0xff, 0xff, 0xc4, 0, 3, 0xd8] + secondScan + [0xff, 0xd9]
    for count in [1, 4, 100] { #expect(pieces(frame + frame, by: count) == [.frame(frame), .frame(frame)]) }
  }

  /// What was lost of a frame costs that one.
  @Test(arguments: [0.2, 0.5, 0.9])
  func cutFramesCostThemselves(part: Double) throws {
    let frame = try Self.picture(8)
    let cut = frame.prefix(Int(Double(frame.count) * part))
    let found = pieces(frame + cut + frame + frame + frame, by: 50)
    let broken = found.count { if case .broken = $0 { true } else { false } }
    #expect(broken == 1)
    // Of a cut in a segment's middle, the next frame's beginning is taken for the rest.
    #expect(found.count { $0 == .frame(frame) } >= (part > 0.6 ? 4 : 3))
  }

  @Test func theStreamsEndBreaksAFrame() throws {
    let frame = try Self.picture(9)
    let found = pieces(frame + frame.dropLast(40), by: 100)
    #expect(found == [.frame(frame), .broken("it ends in the middle")])
  }

  @Test func framesHaveALimit() throws {
    let frame = try Self.picture(2)
    // A scan that never ends, and markers that never come.
    let endless = Array(frame.dropLast(2)) + [UInt8](repeating: 0x11, count: 5000)
    let found = pieces(endless + frame, by: 100, maximumBytes: 2000)
    #expect(found == [.broken("it is too long"), .frame(frame)])
    let filled = [0xff, 0xd8] + [UInt8](repeating: 0xff, count: 5000)
    #expect(pieces(filled + [0] + frame, by: 100, maximumBytes: 2000).last == .frame(frame))
  }

  @Test func impossibleSegmentsBreakAFrame() throws {
    let frame = try Self.picture(4)
    let short: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 0, 1]
    let lost: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 0, 3, 7, 0x20]
    for broken in [short, lost] {
      let found = pieces(broken + frame, by: 10)
      #expect(found.count == 2)
      #expect(found.last == .frame(frame))
    }
  }

  @Test func strayBytesAreCounted() throws {
    var splitter = MJPEGSplitter()
    splitter.append([UInt8](repeating: 0x20, count: 1000))
    #expect(splitter.piece() == nil)
    #expect((990...1000).contains(splitter.strayBytes))
    splitter.append(try Self.picture(1))
    #expect(splitter.piece() != nil)
    #expect(splitter.strayBytes == 0)
  }

  /// Whatever the bytes are, a splitter neither traps nor keeps more than it may.
  @Test func noiseIsHarmless() {
    var random = SplitMix64(state: 7)
    // Of bytes that matter.
    let letters: [UInt8] = [0xff, 0xd8, 0xd9, 0xda, 0xe0, 0, 1, 2, 4, 0xd0]
    for _ in 0..<200 {
      let stream = (0..<3000).map { _ in letters[Int(random.next() % UInt64(letters.count))] }
      let count = 1 + Int(random.next() % 200)
      #expect(pieces(stream, by: count, maximumBytes: 500) == pieces(stream, by: 1, maximumBytes: 500))
    }
  }
}
