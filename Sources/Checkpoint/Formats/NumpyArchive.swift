import FaceqSupport

/// `numpy.savez`: a zip archive of one .npy file per array (NumPy's `numpy/lib/format.py` describes it).
enum NumpyArchive {
  static let suffix = ".npy"

  static func read(_ archive: ZipArchive) throws(FaceqError) -> CheckpointContents {
    var tensors: [(name: String, tensor: StoredTensor)] = []
    for entry in archive.entries where entry.name.hasSuffix(suffix) {
      let name = String(entry.name.dropLast(suffix.utf8.count))
      tensors.append((name, .view(try tensor(name, archive.file, try archive.verified(entry)))))
    }
    return CheckpointContents(tensors, file: archive.file)
  }

  private static func tensor(
    _ name: String, _ file: CheckpointFile, _ range: Range<Int>
  ) throws(FaceqError) -> TensorView {
    var reader = ByteReader(file, range, part: "the array \(printable(name))")
    let magic = try reader.take(6)
    guard file.bytes[magic].elementsEqual([0x93] + Array("NUMPY".utf8)) else {
      throw file.damaged("its array \(printable(name)) does not begin as a NumPy array")
    }
    let version = try reader.integer(UInt16.self) & 0xFF
    let length = version == 1 ? Int(try reader.integer(UInt16.self)) : try reader.size(UInt32.self)
    guard length <= 1 << 16, let header = NumpyHeader(try reader.text(length)) else {
      throw file.damaged("the header of its array \(printable(name)) is not one NumPy writes")
    }
    guard let type = header.type else {
      throw file.error(
        "has numbers of the type \(printable(header.descriptor)) in the array \(printable(name)); save it as float32")
    }
    // Fortran order is the row-major order of the axes reversed.
    var strides: [Int]?
    if header.isFortranOrder {
      var stride = 1
      strides = header.shape.map { extent in
        defer { stride = stride.multipliedReportingOverflow(by: extent).partialValue }
        return stride
      }
    }
    return try TensorView(
      name, file: file, storage: reader.position..<range.upperBound, type: type, shape: header.shape, strides: strides)
  }
}

/// `{'descr': '<f4', 'fortran_order': False, 'shape': (64, 3, 3, 3), }`
private struct NumpyHeader {
  var descriptor: String
  var isFortranOrder: Bool
  var shape: [Int]

  init?(_ text: String) {
    guard let descriptor = Self.value(of: "'descr':", in: text)?.split(separator: "'").first,
      let order = Self.value(of: "'fortran_order':", in: text),
      let tuple = Self.value(of: "'shape':", in: text), tuple.hasPrefix("("),
      let close = tuple.firstIndex(of: ")")
    else { return nil }
    var shape: [Int] = []
    for extent in tuple[..<close].dropFirst().split(separator: ",") {
      guard let extent = Int(extent.filter { $0 != " " }) else { return nil }
      shape.append(extent)
    }
    self.descriptor = String(descriptor)
    isFortranOrder = order.hasPrefix("True")
    self.shape = shape
  }

  var type: ElementType? {
    switch descriptor {
    case "<f8": .float64
    case "<f4": .float32
    case "<f2": .float16
    case "<i8": .int64
    case "<i4": .int32
    case "<i2": .int16
    case "|i1": .int8
    case "|u1": .uint8
    case "|b1": .bool
    default: nil
    }
  }

  private static func value(of key: String, in text: String) -> Substring? {
    text.firstRange(of: key).map { text[$0.upperBound...].drop { $0 == " " } }
  }
}
