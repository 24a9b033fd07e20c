import FaceqSupport

/// A digest of a list of paths, each with a zero behind it, however it comes in pieces.
struct ListDigest {
  private var checksum = FletcherChecksum(sum: 0, sumOfSums: 0)
  private var pending: [UInt8] = []
  private static let block = 1 << 16

  mutating func add(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    guard pending.count >= Self.block else { return }
    // Whole words: what is left begins a word.
    addPending(count: pending.count / 4 * 4)
  }

  /// 32 hexadecimal digits.
  var text: String {
    var whole = self
    whole.addPending(count: pending.count)
    return whole.checksum.digest
  }

  private mutating func addPending(count: Int) {
    let part = pending.withUnsafeBytes { FletcherChecksum(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    // Every word before this part counts once more for each of its words.
    let words = UInt64((count + 3) / 4)
    checksum = FletcherChecksum(
      sum: checksum.sum &+ part.sum, sumOfSums: checksum.sumOfSums &+ checksum.sum &* words &+ part.sumOfSums)
    pending.removeFirst(count)
  }
}
