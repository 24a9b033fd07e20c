import FaceqSupport

/// The bytes with all sums of a GGUF file set right, its tensors where they belong and its end behind the last one, so that
/// what lies behind the checksums is reached; unchanged where there is no header to go by.
func repairedGGUF(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
  var repair = GGUFRepair(bytes: Array(bytes))
  return repair.run() ? repair.bytes : Array(bytes)
}

private struct GGUFRepair {
  private static let largest = 1 << 22
  var bytes: [UInt8]
  private var position = 0
  private var alignment = 32
  /// Where the numbers of the two kinds of checksums begin.
  private var headerSums: Int?
  private var tensorSums: (start: Int, count: Int)?
  /// Of each tensor, where its offset is written, and its bytes.
  private var tensors: [(offset: Int, count: Int)] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func run() -> Bool {
    guard bytes.count >= 24 else { return false }
    write([0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0], at: 0)
    position = 8
    guard let tensorCount = integer(8), let valueCount = integer(8), tensorCount < 1000, valueCount < 1000 else {
      return false
    }
    for _ in 0..<valueCount { guard value() else { return false } }
    for _ in 0..<tensorCount { guard tensor() else { return false } }
    let dataStart = aligned(position)
    resize(to: dataStart, from: position)
    var end = dataStart
    for (index, tensor) in tensors.enumerated() {
      guard end + tensor.count < Self.largest else { return false }
      write(UInt64(end - dataStart), at: tensor.offset)
      if bytes.count < end + tensor.count {
        bytes += [UInt8](repeating: 0, count: end + tensor.count - bytes.count)
      }
      if let tensorSums, tensorSums.count >= 2 * index + 2 {
        write(checksum(end..<end + tensor.count), at: tensorSums.start + 16 * index)
      }
      let last = end + tensor.count
      end = aligned(last)
      resize(to: end, from: last, cutting: index == tensors.count - 1)
    }
    if tensors.isEmpty { bytes.removeLast(bytes.count - end) }
    guard let headerSums else { return false }
    write([UInt8](repeating: 0, count: 16), at: headerSums)
    write(checksum(0..<dataStart), at: headerSums)
    return true
  }

  /// Makes the bytes between two places zero, and those places there.
  private mutating func resize(to end: Int, from start: Int, cutting: Bool = false) {
    if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
    write([UInt8](repeating: 0, count: end - start), at: start)
    if cutting { bytes.removeLast(bytes.count - end) }
  }

  private func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }

  private mutating func integer(_ size: Int) -> Int? {
    guard position + size <= bytes.count else { return nil }
    var value: UInt64 = 0
    for index in (0..<size).reversed() { value = value << 8 | UInt64(bytes[position + index]) }
    position += size
    return Int(exactly: value)
  }

  private mutating func text() -> ArraySlice<UInt8>? {
    guard let count = integer(8), count <= bytes.count - position else { return nil }
    position += count
    return bytes[position - count..<position]
  }

  private mutating func value() -> Bool {
    guard let key = text(), let type = integer(4) else { return false }
    let start = position
    if key.elementsEqual("general.alignment".utf8), type == 4, let stated = integer(4) {
      if stated >= 8, stated.nonzeroBitCount == 1, stated <= 4096 { alignment = stated }
      position = start
    }
    guard type == 9 else { return skip(type) }
    guard let element = integer(4), let count = integer(8) else { return false }
    if element == 10, count < bytes.count {
      if key.elementsEqual("faceq.checksum.header".utf8), count == 2 { headerSums = position }
      if key.elementsEqual("faceq.checksum.tensors".utf8) { tensorSums = (position, count) }
    }
    guard count <= bytes.count else { return false }
    for _ in 0..<count { guard skip(element) else { return false } }
    return true
  }

  private mutating func skip(_ type: Int) -> Bool {
    switch type {
    case 4, 5, 6: integer(4) != nil
    case 7: integer(1) != nil
    case 8: text() != nil
    case 10, 11, 12:
      if position + 8 <= bytes.count { advance(8) } else { false }
    default: false
    }
  }

  private mutating func advance(_ count: Int) -> Bool {
    position += count
    return true
  }

  private mutating func tensor() -> Bool {
    guard text() != nil, let rank = integer(4), rank <= 4 else { return false }
    var count = 1
    for _ in 0..<rank {
      guard let dimension = integer(8) else { return false }
      let (product, overflows) = count.multipliedReportingOverflow(by: dimension)
      guard !overflows, product < Self.largest else { return false }
      count = product
    }
    guard let type = integer(4), position + 8 <= bytes.count else { return false }
    let size = [0: 4, 1: 2, 24: 1, 25: 2, 26: 4, 27: 8, 28: 8][type] ?? 1
    tensors.append((position, count * size))
    position += 8
    return true
  }

  private func checksum(_ range: Range<Int>) -> [UInt8] {
    let checksum = bytes.withUnsafeBytes { FletcherChecksum(UnsafeRawBufferPointer(rebasing: $0[range])) }
    return [checksum.sum, checksum.sumOfSums].flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
  }

  private mutating func write(_ number: UInt64, at place: Int) {
    write((0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }, at: place)
  }

  private mutating func write(_ values: [UInt8], at place: Int) {
    for (index, value) in values.enumerated() where place + index < bytes.count { bytes[place + index] = value }
  }
}
