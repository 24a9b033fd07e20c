/// Finds the JPEG files in a stream of bytes that has one behind another, whatever lies between them.
///
/// A frame ends at its own end marker: segments are stepped over by their lengths, so that a thumbnail inside of one does
/// not end it. A frame that another one begins in, or that is too long, is broken, and costs itself only.
package struct MJPEGSplitter {
  package enum Piece: Equatable, Sendable {
    case frame([UInt8])
    /// - Parameter reason: a sentence's end, such as "it ends in the middle".
    case broken(_ reason: StaticString)

    package static func == (left: Piece, right: Piece) -> Bool {
      switch (left, right) {
      case (.frame(let left), .frame(let right)): left == right
      case (.broken(let left), .broken(let right)):
        left.withUTF8Buffer { left in right.withUTF8Buffer { left.elementsEqual($0) } }
      default: false
      }
    }
  }

  /// What a position in the stream belongs to.
  private enum Place {
    /// Between frames.
    case outside
    /// Where the next marker of a frame has to be.
    case marker
    /// In a scan's data, in which 0xff and 0 mean 0xff.
    case scan
  }

  private let maximumBytes: Int
  private var bytes: [UInt8] = []
  /// Where the frame begins that is being read.
  private var start = 0
  private var next = 0
  private var place = Place.outside
  /// How many bytes belonged to no frame since the last one ended.
  package private(set) var strayBytes = 0

  /// - Parameter maximumBytes: of one frame. Memory does not grow beyond that and what was appended last.
  package init(maximumBytes: Int = 1 << 24) { self.maximumBytes = maximumBytes }

  package mutating func append(_ more: some Collection<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      next -= start
      start = 0
    }
    bytes += more
  }

  /// The next frame, complete or broken; nil until more is appended.
  package mutating func piece() -> Piece? {
    while true {
      let before = next
      let piece =
        switch place {
        case .outside: findStart()
        case .marker: readMarker()
        case .scan: readScan()
        }
      if let piece { return piece }
      guard next > before else { return nil }
      if place != .outside, next - start > maximumBytes { return giveUp("it is too long") }
    }
  }

  /// What the stream's end leaves: a frame that is not complete; nil between frames.
  package mutating func end() -> Piece? {
    guard place != .outside else { return nil }
    bytes = []
    (start, next, place) = (0, 0, .outside)
    return .broken("it ends in the middle")
  }

  /// A JPEG file begins with a start marker and another marker.
  private mutating func findStart() -> Piece? {
    while next + 2 < bytes.count {
      if bytes[next] == 0xff, bytes[next + 1] == 0xd8, bytes[next + 2] == 0xff {
        start = next
        next += 2
        place = .marker
        return nil
      }
      next += 1
      strayBytes += 1
    }
    start = next
    return nil
  }

  private mutating func readMarker() -> Piece? {
    // Any number of 0xff may precede a marker's code.
    var code = next
    while code < bytes.count, bytes[code] == 0xff { code += 1 }
    if code == next, code < bytes.count { return giveUp("there is no marker where one should be") }
    guard code < bytes.count else { return code - start > maximumBytes ? giveUp("it is too long") : nil }
    switch bytes[code] {
    case 0xd8: return giveUp("another begins in it", at: code - 1)
    case 0xd9:
      let frame = Piece.frame(Array(bytes[start...code]))
      next = code + 1
      start = next
      place = .outside
      strayBytes = 0
      return frame
    case 0x01, 0xd0...0xd7: next = code + 1
    default:
      guard code + 2 < bytes.count else { return nil }
      let length = Int(bytes[code + 1]) << 8 | Int(bytes[code + 2])
      guard length >= 2 else { return giveUp("a segment of it is shorter than can be") }
      guard code + length < bytes.count else { return nil }
      place = bytes[code] == 0xda ? .scan : .marker
      next = code + 1 + length
    }
    return nil
  }

  private mutating func readScan() -> Piece? {
    next = bytes.withUnsafeBufferPointer { [next] bytes in
      var position = next
      while position + 1 < bytes.count {
        if bytes[position] != 0xff {
          position += 1
          continue
        }
        switch bytes[position + 1] {
        case 0, 0xd0...0xd7: position += 2
        case 0xff: position += 1
        default: return position
        }
      }
      return position
    }
    guard next + 1 < bytes.count else { return nil }
    place = .marker
    return readMarker()
  }

  /// Leaves the frame that is being read, and goes on where the next may begin.
  private mutating func giveUp(_ reason: StaticString, at position: Int? = nil) -> Piece {
    next = position ?? min(max(next, start + 2), bytes.count)
    start = next
    place = .outside
    return .broken(reason)
  }
}
