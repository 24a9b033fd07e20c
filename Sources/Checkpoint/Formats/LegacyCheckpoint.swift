import FaceqSupport

/// `torch.save` before PyTorch 1.6: four pickles (magic number, protocol, system information, the object), a fifth that
/// lists the storages' keys, then for each key its element count (int64) and its elements.
///
/// Source: `_legacy_save` in PyTorch's `torch/serialization.py`.
enum LegacyCheckpoint {
  /// Protocol 2, then the magic number 0x1950A86A20F9469CFC6C as a ten-byte LONG1, then the end of that pickle.
  static let magic: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  static func read(_ file: CheckpointFile) throws(FaceqError) -> CheckpointContents {
    let fileEnd = file.bytes.count
    let version = try PickleMachine.run(file, magic.count..<fileEnd, part: "its protocol version")
    guard case .integer(1001) = version.root else {
      throw file.error("is of an unknown PyTorch protocol; save it again with a current PyTorch")
    }
    let system = try PickleMachine.run(file, version.end..<fileEnd, part: "its system information")
    guard isLittleEndian(system) else {
      throw file.error("was not written by a little-endian machine; save it again on one")
    }
    let object = try PickleMachine.run(file, system.end..<fileEnd, part: "its pickle")
    let keys = try PickleMachine.run(file, object.end..<fileEnd, part: "its list of storages")
    let dictionaries = TensorSearch.run(object)
    // Without a tensor it does not matter where storages lie.
    let ranges = dictionaries.isEmpty ? [:] : try storages(file, keys: keys, of: object)
    return CheckpointContents(
      file: file, dictionaries: dictionaries,
      storages: StorageTable(file: file) { (key) throws(FaceqError) in ranges[key] },
      unknownFunction: object.heap.unknownNames.first)
  }

  private static func isLittleEndian(_ system: Unpickled) -> Bool {
    guard case .dictionary(let dictionary) = system.root else { return false }
    for case (.string("little_endian"), .bool(let isLittle)) in system.heap.dictionaries[dictionary] {
      return isLittle
    }
    return false
  }

  private static func storages(
    _ file: CheckpointFile, keys: Unpickled, of object: Unpickled
  ) throws(FaceqError) -> [String: Range<Int>] {
    guard case .list(let list) = keys.root else { throw file.damaged("its list of storages is not a list") }
    let types = Dictionary(object.heap.storages.map { ($0.key, $0.type) }) { first, _ in first }
    var ranges: [String: Range<Int>] = [:]
    var reader = ByteReader(file, keys.end..<file.bytes.count, part: "its storages")
    for key in keys.heap.lists[list] {
      guard case .string(let key) = key, let type = types[key] else {
        throw file.damaged("its list of storages names one that no tensor uses")
      }
      let (size, overflowed) = try reader.size(UInt64.self).multipliedReportingOverflow(by: type.size)
      guard !overflowed else { throw file.damaged("the storage \(printable(key)) has an impossible size") }
      guard ranges.updateValue(try reader.take(size), forKey: key) == nil else {
        throw file.damaged("it holds the storage \(printable(key)) twice")
      }
    }
    return ranges
  }
}
