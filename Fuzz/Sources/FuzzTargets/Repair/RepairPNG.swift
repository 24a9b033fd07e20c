/// The bytes with the signature of a PNG file and the checksum of each chunk set right.
func repairedPNG(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
  var png = Array(bytes)
  let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  guard png.count > 8 else { return png }
  png.replaceSubrange(0..<8, with: signature)
  var start = 8
  while start + 12 <= png.count {
    let length = png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    let end = start + 8 + length
    guard end + 4 <= png.count else { break }
    let sum = crc32(png[start + 4..<end])
    for index in 0..<4 { png[end + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index)) }
    start = end + 4
  }
  return png
}
