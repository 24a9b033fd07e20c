import QuantRuntime

/// GGUF bytes put together by hand, so that they can also be wrong.
struct GGUFBytes {
  struct Tensor {
    var name: [UInt8]
    /// In the file's order, the fastest first.
    var dimensions: [UInt64]
    var type: UInt32
    var offset: UInt64
    var data: [UInt8]
  }

  var magic = Array("GGUF".utf8)
  var version: UInt32 = 3
  private let alignment = 64
  /// Key, type and value of each, encoded.
  var entries: [[UInt8]] = [
    text("general.architecture") + little(UInt32(8)) + text("faceq"),
    text("width") + little(UInt32(4)) + little(UInt32(112)),
  ]
  var alignmentEntry = text("general.alignment") + little(UInt32(4)) + little(UInt32(64))
  var tensors = [
    Tensor(
      name: Array("a".utf8), dimensions: [3, 2], type: 0, offset: 0,
      data: [1, -2, 0.5, 3, -0.25, 4].flatMap { (number: Float) in little(number.bitPattern) }),
    Tensor(name: Array("b".utf8), dimensions: [5], type: 24, offset: 64, data: [1, 0xff, 0x7f, 0x80, 0]),
  ]
  var tensorCount: UInt64?
  var entryCount: UInt64?
  /// Those of the tensors' data where nil.
  var tensorChecksums: [UInt64]?
  var hasTensorChecksums = true
  var hasHeaderChecksum = true

  /// The file, with the checksums that belong to its bytes.
  func sealed() -> [UInt8] {
    let checksums = tensors.flatMap { tensor in
      let checksum = referenceChecksum(tensor.data)
      return [checksum.sum, checksum.sumOfSums]
    }
    var header = magic + little(version) + little(tensorCount ?? UInt64(tensors.count))
    let checksumEntries =
      (hasTensorChecksums ? [arrayEntry("faceq.checksum.tensors", tensorChecksums ?? checksums)] : [])
      + (hasHeaderChecksum ? [arrayEntry("faceq.checksum.header", [0, 0])] : [])
    let all = entries + [alignmentEntry] + checksumEntries
    header += little(entryCount ?? UInt64(all.count)) + all.flatMap { $0 }
    let checksumOffset = header.count - 16
    for tensor in tensors {
      header += little(UInt64(tensor.name.count)) + tensor.name + little(UInt32(tensor.dimensions.count))
      header += tensor.dimensions.flatMap { little($0) } + little(tensor.type) + little(tensor.offset)
    }
    header = padded(header)
    if hasHeaderChecksum { seal(&header, headerLength: header.count, checksumOffset: checksumOffset) }
    return header + tensors.flatMap { padded($0.data) }
  }

  private func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment)
  }

  private func arrayEntry(_ key: String, _ numbers: [UInt64]) -> [UInt8] {
    text(key) + little(UInt32(9)) + little(UInt32(10)) + little(UInt64(numbers.count)) + numbers.flatMap { little($0) }
  }
}

/// Writes the header's checksum, whatever the header says, to its place.
func seal(_ bytes: inout [UInt8], headerLength: Int, checksumOffset: Int) {
  let place = checksumOffset..<checksumOffset + 16
  bytes.replaceSubrange(place, with: [UInt8](repeating: 0, count: 16))
  let checksum = referenceChecksum(Array(bytes[..<headerLength]))
  bytes.replaceSubrange(place, with: little(checksum.sum) + little(checksum.sumOfSums))
}

func little(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }

/// A GGUF string: its length and its bytes.
func text(_ string: String) -> [UInt8] { little(UInt64(string.utf8.count)) + Array(string.utf8) }
