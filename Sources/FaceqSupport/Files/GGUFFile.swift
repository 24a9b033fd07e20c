/// A faceq model file: GGUF version 3 with faceq's checksums, mapped into memory.
///
/// Opening reads and verifies everything before the tensor data, and that the file is neither shorter nor longer
/// than that says. The tensor data itself is verified by `verifyTensors()`.
package struct GGUFFile: Sendable {
  package let path: FilePath
  /// The metadata in file order.
  package let metadata: [(key: String, value: GGUFValue)]
  /// The tensors in file order, which is also the order of their bytes.
  package let tensors: [GGUFTensor]
  /// 32 hexadecimal digits that identify the contents.
  ///
  /// The digest of the `FletcherChecksum` over the header's two checksum numbers and then those of the tensors, as
  /// little-endian 64-bit numbers.
  package let digest: String
  private let file: MappedFile
  private let valueIndices: [String: Int]
  private let tensorIndices: [String: Int]
  private let tensorChecksums: [UInt64]

  /// Fails for what is not a readable, undamaged GGUF file written by faceq.
  package init(path: FilePath) throws(FaceqError) {
    try self.init(try MappedFile(path: path))
  }

  /// As the other initialiser, of a file that is in memory.
  package init(_ file: MappedFile) throws(FaceqError) {
    let path = file.path
    let header = try GGUFHeader(path: path, bytes: file.bytes)
    var tensors: [GGUFTensor] = []
    var tensorIndices: [String: Int] = [:]
    var offset = header.dataOffset
    for (index, record) in header.tensors.enumerated() {
      let tensor = try record.tensor(at: offset, after: header, in: file)
      offset = GGUFFormat.aligned(tensor.range.upperBound, to: header.alignment)
      guard tensorIndices.updateValue(index, forKey: tensor.name) == nil else {
        throw damagedFile(path, "there are two tensors \(quoted(tensor.name))")
      }
      tensors.append(tensor)
    }
    guard offset == file.bytes.count else {
      throw damagedFile(path, "its header describes \(offset) bytes, but it has \(file.bytes.count)")
    }
    guard header.tensorChecksums.count == 2 * tensors.count else {
      throw damagedFile(
        path,
        "\(GGUFFormat.tensorChecksumsKey) has \(header.tensorChecksums.count) numbers for \(tensors.count) tensors")
    }
    self.path = path
    self.file = file
    self.metadata = header.metadata
    self.valueIndices = header.valueIndices
    self.tensors = tensors
    self.tensorIndices = tensorIndices
    self.tensorChecksums = header.tensorChecksums
    self.digest = Self.digest(header.headerChecksum + header.tensorChecksums)
  }

  /// The metadata value of `key`, where there is one.
  package func value(_ key: String) -> GGUFValue? {
    valueIndices[key].map { metadata[$0].value }
  }

  /// The tensor called `name`, where there is one.
  package func tensorIfPresent(_ name: String) -> GGUFTensor? {
    tensorIndices[name].map { tensors[$0] }
  }

  /// Reads all tensor data and fails, naming the tensor, where it is not what was written.
  package func verifyTensors() throws(FaceqError) {
    for (index, tensor) in tensors.enumerated() {
      let checksum = FletcherChecksum(tensor.bytes)
      let end = index + 1 < tensors.count ? tensors[index + 1].range.lowerBound : file.bytes.count
      let padding = file.bytes[tensor.range.upperBound..<end]
      guard checksum.sum == tensorChecksums[2 * index], checksum.sumOfSums == tensorChecksums[2 * index + 1],
        padding.allSatisfy({ $0 == 0 })
      else {
        throw FaceqError("\(path): tensor \(quoted(tensor.name)) is damaged; copy the file again or make it again")
      }
    }
  }

  /// The two numbers of the `FletcherChecksum` of the tensor at `index`, which `verifyTensors()` compares.
  package func checksum(ofTensor index: Int) -> [UInt64] {
    [tensorChecksums[2 * index], tensorChecksums[2 * index + 1]]
  }

  private static func digest(_ checksums: [UInt64]) -> String {
    var bytes: [UInt8] = []
    for number in checksums { bytes.append(littleEndian: number) }
    return bytes.withUnsafeBytes { FletcherChecksum($0).digest }
  }
}
