import QuantRuntime

/// Names one behind the other, in memory or in a file: nothing is made of them before they are asked for.
package struct PackedNames: Sendable {
  /// The names in UTF-8.
  package let bytes: Tensor<Int8>
  /// Where each name ends in them.
  package let ends: Tensor<Int64>

  package init(_ names: [PersonName]) {
    var bytes: [Int8] = []
    var ends: [Int64] = []
    for name in names {
      for byte in name.description.utf8 { bytes.append(Int8(bitPattern: byte)) }
      ends.append(Int64(bytes.count))
    }
    self.bytes = Tensor(bytes)
    self.ends = Tensor(ends)
  }

  /// Names that were written to a file; nil where they cannot be.
  package init?(bytes: Tensor<Int8>, ends: Tensor<Int64>) {
    var last: Int64 = 0
    for end in ends.buffer {
      guard end > last else { return nil }
      last = end
    }
    guard last == Int64(bytes.count) else { return nil }
    self.bytes = bytes
    self.ends = ends
  }

  package var count: Int { ends.count }

  package subscript(row: Int) -> PersonName {
    let start = row == 0 ? 0 : Int(ends[row - 1])
    let name = bytes.buffer[start..<Int(ends[row])].map { UInt8(bitPattern: $0) }
    return PersonName(String(decoding: name, as: UTF8.self))
  }
}
