import FaceqSupport

/// A tensor where it lies in its file; the numbers are read when asked for.
package struct TensorView: Sendable {
  package let shape: [Int]
  /// Elements from one index to the next, per axis.
  package let strides: [Int]
  package let type: ElementType
  /// Numbers in the tensor: the product of `shape`.
  package let count: Int

  private let file: CheckpointFile
  /// Where the first number lies, in bytes from the start of the file.
  private let start: Int

  /// A tensor over a storage, checked against it: every number lies inside, and there are no more numbers than the
  /// storage holds, or where `expand` has repeated them than the file could, so that reading a tensor never needs more
  /// memory than its file's size suggests.
  ///
  /// - Parameters:
  ///   - storage: the storage's bytes, a range within the file.
  ///   - offset: of the first number, in elements.
  ///   - strides: in elements; none may be negative. Row-major when nil.
  init(
    _ name: String, file: CheckpointFile, storage: Range<Int>, type: ElementType, offset: Int = 0, shape: [Int],
    strides: [Int]? = nil
  ) throws(FaceqError) {
    let strides = strides ?? Self.rowMajorStrides(shape)
    func reject(_ what: String) -> FaceqError { file.damaged("the tensor \(printable(name)) \(what)") }

    guard shape.count <= 8, strides.count == shape.count, offset >= 0 else {
      throw reject("has an impossible form (\(shape.count) axes, \(strides.count) strides)")
    }
    var count = 1
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      guard (0...Int(Int32.max)).contains(extent), stride >= 0 else {
        throw reject("has an axis of length \(extent) and stride \(stride)")
      }
      let (product, overflowed) = count.multipliedReportingOverflow(by: extent)
      let (span, spanOverflowed) = max(extent - 1, 0).multipliedReportingOverflow(by: stride)
      let (sum, sumOverflowed) = last.addingReportingOverflow(span)
      guard !overflowed, !spanOverflowed, !sumOverflowed else { throw reject("has an impossible size") }
      count = product
      last = sum
    }
    let held = storage.count / type.size
    let isExpanded = strides.contains(0) && count <= file.bytes.count / type.size
    guard count == 0 || (last < held && (count <= held || isExpanded)) else {
      throw reject("reaches past its storage of \(held) numbers")
    }

    self.shape = shape
    self.strides = strides
    self.type = type
    self.count = count
    self.file = file
    start = count == 0 ? storage.lowerBound : storage.lowerBound + offset * type.size
  }

  /// The numbers in row-major order, rounded to float32 where they are stored wider.
  package func floats() -> [Float] {
    switch type {
    case .float64: gather(UInt64.self) { Float(Double(bitPattern: $0)) }
    case .float32: gather(UInt32.self) { Float(bitPattern: $0) }
    case .float16: gather(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: gather(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .int64: gather(Int64.self) { Float($0) }
    case .int32: gather(Int32.self) { Float($0) }
    case .int16: gather(Int16.self) { Float($0) }
    case .int8: gather(Int8.self) { Float($0) }
    case .uint8: gather(UInt8.self) { Float($0) }
    case .bool: gather(UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  private func gather<Stored: FixedWidthInteger>(_: Stored.Type, _ float: (Stored) -> Float) -> [Float] {
    guard count > 0 else { return [] }
    let bytes = file.bytes
    let rowLength = shape.last ?? 1
    // Of an axis of one number the stride may be anything.
    let rowStride = (strides.last ?? 1) &* type.size
    return [Float](unsafeUninitializedCapacity: count) { output, written in
      var index = [Int](repeating: 0, count: max(shape.count - 1, 0))
      while written < count {
        var byte = start
        for (axis, position) in index.enumerated() { byte += position * strides[axis] * type.size }
        for _ in 0..<rowLength {
          let stored = bytes.loadUnaligned(fromByteOffset: byte, as: Stored.self)
          output.initializeElement(at: written, to: float(Stored(littleEndian: stored)))
          written += 1
          byte &+= rowStride
        }
        for axis in index.indices.reversed() {
          index[axis] += 1
          if index[axis] < shape[axis] { break }
          index[axis] = 0
        }
      }
    }
  }

  private static func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.reversed().dropFirst() {
      strides[axis] = strides[axis + 1].multipliedReportingOverflow(by: shape[axis + 1]).partialValue
    }
    return strides
  }
}
