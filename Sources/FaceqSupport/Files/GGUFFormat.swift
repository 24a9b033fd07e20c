/// What reader and writer of GGUF files agree on. The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
enum GGUFFormat {
  /// "GGUF" as a little-endian number.
  static let magic: UInt32 = 0x4655_4747
  static let version: UInt32 = 3
  static let alignmentKey = "general.alignment"
  /// The alignment of files that do not state one.
  static let defaultAlignment = 32
  static let maximumDimensions = 4
  /// Other readers have room for 63 bytes and a zero.
  static let maximumTensorNameBytes = 63

  /// `FletcherChecksum` of every tensor, in file order: sum, sum of sums, sum, …
  static let tensorChecksumsKey = "faceq.checksum.tensors"
  /// `FletcherChecksum` of all bytes before the tensor data, with these two numbers themselves taken as zero.
  static let headerChecksumKey = "faceq.checksum.header"

  static func aligned(_ offset: Int, to alignment: Int) -> Int {
    (offset + alignment - 1) / alignment * alignment
  }
}
