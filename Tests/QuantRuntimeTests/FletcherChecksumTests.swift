import FaceqSupport
import Testing

struct FletcherChecksumTests {
  /// Bytes, and what the two numpy lines of the documentation gave for them.
  private static let known: [([UInt8], sum: UInt64, sumOfSums: UInt64)] = [
    ([], 0, 0),
    (Array("a".utf8), 97, 97),
    (Array("faceq".utf8), 1_701_011_927, 3_402_023_741),
    (Array(0...255), 139_051_655_040, 3_047_773_522_560),
    (quadratic, 53_899_750_241_488, 673_853_217_755_063_072),
    ([UInt8](repeating: 255, count: 100_000), 107_374_182_375_000, 1_342_230_966_778_687_500),
  ]

  private static let quadratic = (0..<100_003).map { (index: Int) -> UInt8 in
    UInt8((index * index * 7 + index * 13) % 256)
  }

  @Test func agreesWithNumpy() {
    for (bytes, sum, sumOfSums) in Self.known {
      let checksum = bytes.withUnsafeBytes { FletcherChecksum($0) }
      #expect(checksum == FletcherChecksum(sum: sum, sumOfSums: sumOfSums))
    }
  }

  @Test func agreesWithTheFormulaAtEveryLengthAndOffset() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ 200) }
    bytes.withUnsafeBytes { buffer in
      for start in 0..<5 {
        for end in start...buffer.count {
          let part = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
          #expect(FletcherChecksum(part) == referenceChecksum(Array(part)))
        }
      }
    }
  }

  @Test func noticesExchangedWordsAndEveryFlippedBit() {
    var bytes = (0..<100).map { UInt8($0) }
    func checksum() -> FletcherChecksum { bytes.withUnsafeBytes { FletcherChecksum($0) } }
    let original = checksum()
    bytes.swapAt(0, 96)
    #expect(checksum() != original)
    bytes.swapAt(0, 96)
    for bit in 0..<800 {
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(checksum() != original)
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    }
  }
}

/// The definition, word by word.
func referenceChecksum(_ bytes: [UInt8]) -> FletcherChecksum {
  var sum: UInt64 = 0
  var sumOfSums: UInt64 = 0
  for start in stride(from: 0, to: bytes.count, by: 4) {
    for index in start..<min(start + 4, bytes.count) { sum &+= UInt64(bytes[index]) << UInt64(8 * (index - start)) }
    sumOfSums &+= sum
  }
  return FletcherChecksum(sum: sum, sumOfSums: sumOfSums)
}
