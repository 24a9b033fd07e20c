/// Collects metadata and tensors and writes them as one GGUF version 3 file with faceq's checksums.
///
/// Tensors are asked for one at a time while the file is written, and their bytes are aligned to 64.
package struct GGUFWriter {
  private typealias Sink = (UnsafeRawBufferPointer) throws(FaceqError) -> Void

  private struct Tensor {
    var name: String
    var dimensions: [Int]
    var type: GGUFTensorType
    var pass: (Sink) throws(FaceqError) -> Void

    var byteCount: Int { dimensions.reduce(type.elementSize, *) }
  }

  /// The alignment of tensors: that of a cache line, and of the widest vector register.
  private static let alignment = 64

  private var metadata: [(key: String, value: GGUFValue)] = []
  private var tensors: [Tensor] = []

  package init() {}

  /// Adds a metadata entry after those before it. Each key may be set once; the writer itself sets `general.alignment`
  /// and `faceq.checksum.*`.
  package mutating func set(_ key: String, _ value: GGUFValue) {
    precondition(
      key != GGUFFormat.alignmentKey && key != GGUFFormat.tensorChecksumsKey && key != GGUFFormat.headerChecksumKey)
    precondition(!metadata.contains { $0.key == key })
    metadata.append((key, value))
  }

  /// Adds a tensor after those before it.
  ///
  /// - Parameters:
  ///   - name: unique, at most 63 bytes.
  ///   - dimensions: one to four, each at least 1, the slowest first.
  ///   - elements: row-major, as many as the dimensions say.
  package mutating func add<Element: GGUFElement>(_ name: String, dimensions: [Int], _ elements: [Element]) {
    add(name, dimensions: dimensions) { () throws(FaceqError) -> [Element] in elements }
  }

  /// Adds a tensor whose elements are made only when they are written.
  package mutating func add<Element: GGUFElement>(
    _ name: String, dimensions: [Int], makeElements: @escaping () throws(FaceqError) -> [Element]
  ) {
    precondition(name.utf8.count <= GGUFFormat.maximumTensorNameBytes && !tensors.contains { $0.name == name })
    precondition((1...GGUFFormat.maximumDimensions).contains(dimensions.count) && dimensions.allSatisfy { $0 > 0 })
    let count = dimensions.reduce(1, *)
    tensors.append(
      Tensor(name: name, dimensions: dimensions, type: Element.tensorType) { sink throws(FaceqError) in
        let elements = try makeElements()
        precondition(elements.count == count)
        try elements.withUnsafeBufferPointer { buffer throws(FaceqError) in
          try sink(UnsafeRawBufferPointer(buffer))
        }
      })
  }

  /// Writes the file; where that fails, whatever was at `path` stays as it was.
  package func write(to path: FilePath) throws(FaceqError) {
    var file = try AtomicFile(path: path)
    let zero = FletcherChecksum(sum: 0, sumOfSums: 0)

    // The header's length is known before its checksums are: room is left for it, and it is filled in at the end.
    var checksums = [FletcherChecksum](repeating: zero, count: tensors.count)
    try file.write(header(tensorChecksums: checksums, headerChecksum: zero))
    for (index, tensor) in tensors.enumerated() {
      try tensor.pass { bytes throws(FaceqError) in
        checksums[index] = FletcherChecksum(bytes)
        try file.write(bytes)
      }
      try file.write(padding(after: file.count))
    }
    let unsealed = header(tensorChecksums: checksums, headerChecksum: zero)
    let headerChecksum = unsealed.withUnsafeBytes { FletcherChecksum($0) }
    let sealed = header(tensorChecksums: checksums, headerChecksum: headerChecksum)
    try sealed.withUnsafeBufferPointer { buffer throws(FaceqError) in
      try file.overwrite(at: 0, UnsafeRawBufferPointer(buffer))
    }
    try file.commit()
  }

  /// Everything before the tensor data.
  private func header(tensorChecksums: [FletcherChecksum], headerChecksum: FletcherChecksum) -> [UInt8] {
    let entries =
      metadata + [
        (GGUFFormat.alignmentKey, .uint32(UInt32(Self.alignment))),
        (GGUFFormat.tensorChecksumsKey, .uint64Array(tensorChecksums.flatMap { [$0.sum, $0.sumOfSums] })),
        (GGUFFormat.headerChecksumKey, .uint64Array([headerChecksum.sum, headerChecksum.sumOfSums])),
      ]
    var bytes: [UInt8] = []
    bytes.append(littleEndian: GGUFFormat.magic)
    bytes.append(littleEndian: GGUFFormat.version)
    bytes.append(littleEndian: UInt64(tensors.count))
    bytes.append(littleEndian: UInt64(entries.count))
    for entry in entries {
      bytes.append(lengthAndText: entry.key)
      bytes.append(entry.value)
    }
    var dataOffset = 0
    for tensor in tensors {
      bytes.append(lengthAndText: tensor.name)
      bytes.append(littleEndian: UInt32(tensor.dimensions.count))
      for dimension in tensor.dimensions.reversed() { bytes.append(littleEndian: UInt64(dimension)) }
      bytes.append(littleEndian: tensor.type.rawValue)
      bytes.append(littleEndian: UInt64(dataOffset))
      dataOffset = GGUFFormat.aligned(dataOffset + tensor.byteCount, to: Self.alignment)
    }
    return bytes + padding(after: bytes.count)
  }

  /// Zeros from `offset` to where a tensor may begin.
  private func padding(after offset: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: GGUFFormat.aligned(offset, to: Self.alignment) - offset)
  }
}
