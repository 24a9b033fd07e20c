import FaceWatch
import FaceqSupport

/// A stream of JPEG files in pieces whose sizes the first byte decides.
let mjpegTarget = FuzzTarget(
  "mjpeg", "JPEG files one behind another, as a stream and as a file",
  seeds: {
    let frame: [UInt8] =
      [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xda, 0, 3, 9, 1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd9]
    return ["frames": [7] + frame + Array("\r\n--b\r\n\r\n".utf8) + frame, "broken": [200] + frame.dropLast(9) + frame]
  },
  run: { bytes in
    var reader = InputReader(bytes)
    let size = Int(reader.byte()) + 1
    var rest = reader.bytes[...]
    var splitter = MJPEGSplitter(maximumBytes: 256)
    var (pieces, framed) = (0, 0)
    while !rest.isEmpty {
      splitter.append(rest.prefix(size))
      rest = rest.dropFirst(size)
      while let piece = splitter.piece() {
        pieces += 1
        precondition(pieces <= bytes.count, "there are more pieces than bytes")
        if case .frame(let frame) = piece {
          precondition(frame.count >= 4 && frame.starts(with: [0xff, 0xd8, 0xff]) && frame.suffix(2) == [0xff, 0xd9])
          framed += frame.count
        }
      }
    }
    _ = splitter.end()
    precondition(framed <= bytes.count, "frames have more bytes than the stream")
    expectSentence { () throws(FaceqError) in
      let stream = try MJPEGStream.file(input.holding(bytes))
      for _ in 0...bytes.count {
        if case .end = try stream.next() { return }
      }
    }
  })

private let input = InputFile()
