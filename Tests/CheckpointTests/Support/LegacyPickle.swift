/// Writes legacy checkpoints by hand, pickle opcode by pickle opcode, for tests that need a pickle nobody would write.
enum LegacyPickle {
  static func text(_ text: String) -> [UInt8] {
    [UInt8(ascii: "X")] + little(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  static func integer(_ value: Int64) -> [UInt8] { [0x8A, 8] + little(UInt64(bitPattern: value)) }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    [UInt8(ascii: "c")] + Array("\(module)\n\(name)\n".utf8)
  }

  static func tuple(_ members: [[UInt8]]) -> [UInt8] {
    [UInt8(ascii: "(")] + members.flatMap { $0 } + [UInt8(ascii: "t")]
  }

  /// A tensor over the storage "0" of `count` float32.
  static func tensor(
    count: Int64 = 6, type: String = "FloatStorage", view: [UInt8] = Array("N".utf8), offset: Int64 = 0, shape: [Int64],
    strides: [Int64]
  ) -> [UInt8] {
    let storage =
      tuple([text("storage"), global("torch", type), text("0"), text("cpu"), integer(count), view])
      + Array("Q".utf8)
    return global("torch._utils", "_rebuild_tensor_v2")
      + tuple([
        storage, integer(offset), tuple(shape.map(integer)), tuple(strides.map(integer)), [0x89], Array("N".utf8),
      ])
      + Array("R".utf8)
  }

  /// `{"weight": tensor}`
  static func dictionary(_ tensor: [UInt8]) -> [UInt8] {
    Array("}".utf8) + text("weight") + tensor + Array("s".utf8)
  }

  /// A whole legacy file around the opcodes of its object (without protocol and stop); its one storage "0" holds
  /// 0, 1, 2, …; with a count of 0 it has no storages.
  static func file(_ object: [UInt8], storageCount: Int = 6) -> [UInt8] {
    let stop = Array(".".utf8)
    var file: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19] + stop
    file += [0x80, 2, UInt8(ascii: "M"), 0xE9, 3] + stop
    file += [0x80, 2] + Array("}".utf8) + text("little_endian") + [0x88] + Array("s".utf8) + stop
    file += [0x80, 2] + object + stop
    guard storageCount > 0 else { return file + [0x80, 2] + Array("]".utf8) + stop }
    file += [0x80, 2] + Array("]".utf8) + text("0") + Array("a".utf8) + stop
    file += little(UInt64(storageCount))
    for value in 0..<storageCount { file += little(Float(value).bitPattern) }
    return file
  }

  static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
