/// Everything before a GGUF file's tensor data, read and verified against its checksum.
struct GGUFHeader {
  let metadata: [(key: String, value: GGUFValue)]
  let valueIndices: [String: Int]
  let tensors: [GGUFTensorRecord]
  let alignment: Int
  /// Where the tensor data begins.
  let dataOffset: Int
  /// The sum and the sum of sums of the header.
  let headerChecksum: [UInt64]
  /// The sum and the sum of sums of each tensor.
  let tensorChecksums: [UInt64]

  init(path: FilePath, bytes: UnsafeRawBufferPointer) throws(FaceqError) {
    var cursor = GGUFCursor(path: path, bytes: bytes)
    guard bytes.count >= 4, try cursor.uint32() == GGUFFormat.magic else {
      throw FaceqError("\(path) is not a model, detector or bank of faceq (GGUF); name one")
    }
    let version = try cursor.uint32()
    guard version == GGUFFormat.version else {
      throw FaceqError(
        "\(path) is GGUF version \(version), and faceq reads version \(GGUFFormat.version); make it again")
    }
    let tensorCount = try cursor.uint64()
    let valueCount = try cursor.uint64()

    var metadata: [(key: String, value: GGUFValue)] = []
    var valueIndices: [String: Int] = [:]
    var checksumRange = 0..<0
    for _ in 0..<valueCount {
      let key = try cursor.string()
      let value = try cursor.value(of: key)
      if key == GGUFFormat.headerChecksumKey { checksumRange = cursor.offset - 16..<cursor.offset }
      guard valueIndices.updateValue(metadata.count, forKey: key) == nil else {
        throw damagedFile(path, "there are two keys \(quoted(key))")
      }
      metadata.append((key, value))
    }

    guard let headerIndex = valueIndices[GGUFFormat.headerChecksumKey],
      case .uint64Array(let headerChecksum) = metadata[headerIndex].value, headerChecksum.count == 2,
      let tensorsIndex = valueIndices[GGUFFormat.tensorChecksumsKey],
      case .uint64Array(let tensorChecksums) = metadata[tensorsIndex].value
    else {
      throw FaceqError(
        "\(path) was not made by faceq: it has no faceq checksums; name a model, detector or bank of faceq")
    }

    var tensors: [GGUFTensorRecord] = []
    for _ in 0..<tensorCount { tensors.append(try GGUFTensorRecord(&cursor)) }
    let alignment = try Self.alignment(valueIndices[GGUFFormat.alignmentKey].map { metadata[$0].value }, path)
    let dataOffset = GGUFFormat.aligned(cursor.offset, to: alignment)
    guard dataOffset <= bytes.count else {
      throw damagedFile(path, "its tensor data begins at byte \(dataOffset), but it has \(bytes.count)")
    }
    let checksum = FletcherChecksum(UnsafeRawBufferPointer(rebasing: bytes[..<dataOffset]), zeroed: checksumRange)
    guard checksum == FletcherChecksum(sum: headerChecksum[0], sumOfSums: headerChecksum[1]) else {
      throw damagedFile(path, "the checksum of its header does not fit")
    }

    self.metadata = metadata
    self.valueIndices = valueIndices
    self.tensors = tensors
    self.alignment = alignment
    self.dataOffset = dataOffset
    self.headerChecksum = headerChecksum
    self.tensorChecksums = tensorChecksums
  }

  /// What `general.alignment` says, where it is there.
  private static func alignment(_ value: GGUFValue?, _ path: FilePath) throws(FaceqError) -> Int {
    guard let value else { return GGUFFormat.defaultAlignment }
    guard case .uint32(let alignment) = value, alignment >= 8, alignment.nonzeroBitCount == 1 else {
      throw damagedFile(path, "\(GGUFFormat.alignmentKey) is not a power of two from 8 on")
    }
    return Int(alignment)
  }
}

/// What the header says about one tensor, not yet checked against the file's size.
struct GGUFTensorRecord {
  let name: String
  let dimensions: [UInt64]
  let typeCode: UInt32
  /// Where the tensor begins, in bytes from the beginning of the tensor data.
  let dataOffset: UInt64

  init(_ cursor: inout GGUFCursor) throws(FaceqError) {
    name = try cursor.string()
    let rank = try cursor.uint32()
    guard rank >= 1, rank <= GGUFFormat.maximumDimensions else {
      throw damagedFile(cursor.path, "tensor \(quoted(name)) has \(rank) dimensions")
    }
    var dimensions: [UInt64] = []
    for _ in 0..<rank { dimensions.append(try cursor.uint64()) }
    self.dimensions = dimensions.reversed()
    typeCode = try cursor.uint32()
    dataOffset = try cursor.uint64()
  }

  /// The tensor itself, which must begin at byte `offset` of the file: tensors follow each other in file order.
  func tensor(at offset: Int, after header: GGUFHeader, in file: MappedFile) throws(FaceqError) -> GGUFTensor {
    guard let type = GGUFTensorType(rawValue: typeCode) else {
      throw damagedFile(file.path, "tensor \(quoted(name)) has the element type \(typeCode)")
    }
    guard UInt64(exactly: offset - header.dataOffset) == dataOffset else {
      throw damagedFile(file.path, "tensor \(quoted(name)) does not follow the one before it")
    }
    var byteCount = UInt64(type.elementSize)
    for dimension in dimensions {
      let (product, overflows) = byteCount.multipliedReportingOverflow(by: dimension)
      guard dimension > 0, !overflows else {
        throw damagedFile(file.path, "tensor \(quoted(name)) has impossible dimensions")
      }
      byteCount = product
    }
    let remaining = file.bytes.count - offset
    guard remaining >= 0, byteCount <= UInt64(remaining) else {
      throw damagedFile(
        file.path, "tensor \(quoted(name)) has \(byteCount) bytes, but only \(max(remaining, 0)) are left")
    }
    return GGUFTensor(
      name: name, dimensions: dimensions.map { Int($0) }, type: type, file: file,
      range: offset..<offset + Int(byteCount))
  }
}
