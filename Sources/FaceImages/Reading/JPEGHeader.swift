/// What must be known of a JPEG file before memory is spent on it (ITU-T T.81, annex B): read from the markers in front
/// of its first scan.
struct JPEGHeader {
  private(set) var width = 0
  private(set) var height = 0
  /// 1 grey, 3 colour, 4 CMYK or YCCK.
  private(set) var components = 0
  /// Progressive, or one scan per component: the decoder must hold the coefficients of the whole picture at full size.
  private(set) var hasSeveralScans = false
  /// `.upright` where EXIF states none, or one that does not exist.
  private(set) var orientation = Orientation.upright

  /// Nil when the file ends, or breaks the syntax of markers, before its first scan.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var offset = 0
    var statesOrientation = false
    while true {
      guard let marker = Self.marker(in: bytes, at: &offset) else { return nil }
      if Self.standsAlone(marker) { continue }
      guard let length = bytes.bigEndian(at: offset, size: 2), length >= 2, length <= bytes.count - offset else {
        return nil
      }
      let payload = UnsafeRawBufferPointer(rebasing: bytes[(offset + 2)..<(offset + length)])
      offset += length

      switch marker {
      case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
        guard components == 0, let height = payload.bigEndian(at: 1, size: 2),
          let width = payload.bigEndian(at: 3, size: 2), let components = payload.bigEndian(at: 5, size: 1),
          height > 0, width > 0, components > 0
        else { return nil }
        (self.width, self.height, self.components) = (width, height, components)
        hasSeveralScans = marker & 3 == 2
      case 0xda:
        guard components > 0, let inScan = payload.bigEndian(at: 0, size: 1) else { return nil }
        if inScan < components { hasSeveralScans = true }
        return
      case 0xe1 where !statesOrientation:
        guard let stated = Orientation(exif: payload) else { continue }
        orientation = stated
        statesOrientation = true
      default: continue
      }
    }
  }

  /// The largest of 1, 2, 4, 8 that, dividing both sides, leaves neither under `smallestSide`.
  func reduction(leaving smallestSide: Int?) -> Int {
    guard let smallestSide else { return 1 }
    return [8, 4, 2].first { min(width, height) / $0 >= smallestSide } ?? 1
  }

  /// Start of image, restart and TEM have no length and no payload.
  private static func standsAlone(_ marker: Int) -> Bool {
    marker == 0xd8 || marker == 0x01 || (0xd0...0xd7).contains(marker)
  }

  /// The code after the 0xff bytes at `offset`, which moves behind it.
  private static func marker(in bytes: UnsafeRawBufferPointer, at offset: inout Int) -> Int? {
    guard bytes.bigEndian(at: offset, size: 1) == 0xff else { return nil }
    while bytes.bigEndian(at: offset, size: 1) == 0xff { offset += 1 }
    defer { offset += 1 }
    return bytes.bigEndian(at: offset, size: 1)
  }
}
