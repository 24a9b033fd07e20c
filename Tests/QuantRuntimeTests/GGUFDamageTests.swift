import FaceqSupport
import TestSupport
import Testing

/// Damaged and lying files: always one sentence, never a trap, never other contents than were written.
struct GGUFDamageTests {
  let whole = GGUFBytes().sealed()

  /// Opens and verifies `bytes`.
  private func open(_ bytes: [UInt8], in folder: TemporaryFolder) throws {
    let path = try folder.file("damaged.gguf", bytes)
    try GGUFFile(path: FilePath(path)).verifyTensors()
  }

  @Test func everyTruncationIsAnError() throws {
    let folder = try TemporaryFolder(inMemory: true)
    try open(whole, in: folder)
    for length in 0..<whole.count {
      expectFailure(folder.path) { try open(Array(whole[..<length]), in: folder) }
    }
  }

  @Test func everyFlippedBitIsAnError() throws {
    let folder = try TemporaryFolder(inMemory: true)
    for bit in 0..<whole.count * 8 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      expectFailure(folder.path) { try open(bytes, in: folder) }
    }
  }

  /// Behind the checksum: whatever the header says, no tensor reaches beyond the file.
  @Test func everyFlippedBitUnderAFittingChecksumIsHarmless() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let headerLength = whole.count - 128
    let key = Array("faceq.checksum.header".utf8)
    let keyOffset = try #require((0..<headerLength).first { whole[$0...].starts(with: key) })
    let checksumOffset = keyOffset + key.count + 16
    var opened = 0
    for bit in 0..<headerLength * 8 where !(checksumOffset..<checksumOffset + 16).contains(bit / 8) {
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      seal(&bytes, headerLength: headerLength, checksumOffset: checksumOffset)
      let path = try folder.file("lying.gguf", bytes)
      do throws(FaceqError) {
        let file = try GGUFFile(path: FilePath(path))
        for tensor in file.tensors {
          #expect(tensor.bytes.count == tensor.dimensions.reduce(tensor.type.elementSize, *))
          #expect(tensor.bytes.count < 128)
        }
        opened += 1
      } catch {
        #expect(error.message.contains(path))
      }
    }
    // Other names and other numbers in the metadata are other, sound files.
    #expect(opened > 100)
  }

  @Test func damagedTensorIsNamed() throws {
    let folder = try TemporaryFolder(inMemory: true)
    for (offsetFromEnd, name) in [(128, "'a'"), (105, "'a'"), (104, "'a'"), (65, "'a'"), (64, "'b'"), (1, "'b'")] {
      var bytes = whole
      bytes[bytes.count - offsetFromEnd] ^= 4
      expectFailure("damaged.gguf", name, "is damaged") { try open(bytes, in: folder) }
    }
  }

  @Test func trailingBytesAreAnError() throws {
    let folder = try TemporaryFolder(inMemory: true)
    expectFailure("describes 512 bytes, but it has 513") { try open(whole + [0], in: folder) }
  }

  /// What the error must say, and the lie.
  private static let lies: [Lie] = [
    Lie("is not a model, detector or bank") { $0.magic = Array("GGML".utf8) },
    Lie("version 2") { $0.version = 2 },
    Lie("version 50331648") { $0.version = 0x0300_0000 },
    Lie("is damaged") { $0.tensorCount = .max },
    Lie("is damaged") { $0.tensorCount = 3 },
    Lie("checksum of its header") { $0.tensorCount = 1 },
    Lie("or damaged") { $0.entryCount = .max },
    Lie("was not made by faceq") { $0.hasHeaderChecksum = false },
    Lie("was not made by faceq") { $0.hasTensorChecksums = false },
    Lie("has 3 numbers for 2 tensors") { $0.tensorChecksums = [1, 2, 3] },
    Lie("two keys 'width'") { $0.entries.append($0.entries[1]) },
    Lie("value type 13") { $0.entries.append(entry("x", 13, [])) },
    Lie("value type 0") { $0.entries.append(entry("x", 0, [7])) },
    Lie("array of arrays") { $0.entries.append(arrayStart(of: 9, count: 1)) },
    Lie("should follow") { $0.entries.append(arrayStart(of: 10, count: 1 << 61)) },
    Lie("should follow") { $0.entries.append(arrayStart(of: 4, count: .max)) },
    Lie("is damaged") { $0.entries.append(arrayStart(of: 7, count: 1 << 63)) },
    Lie("is damaged") { $0.entries.append(arrayStart(of: 8, count: 1 << 40)) },
    Lie("should follow") { $0.entries.append(little(UInt64.max)) },
    Lie("flag") { $0.entries.append(entry("x", 7, [2])) },
    Lie("not UTF-8") { $0.entries.append(little(UInt64(2)) + [0xc3, 0x28]) },
    Lie("power of two") { $0.alignmentEntry = entry("general.alignment", 4, little(UInt32(48))) },
    Lie("power of two") { $0.alignmentEntry = entry("general.alignment", 4, little(UInt32(0))) },
    Lie("power of two") { $0.alignmentEntry = entry("general.alignment", 10, little(UInt64(64))) },
    Lie("begins at byte") { $0.alignmentEntry = entry("general.alignment", 4, little(UInt32(1 << 31))) },
    Lie("two tensors 'a'") { $0.tensors[1].name = Array("a".utf8) },
    Lie("not UTF-8") { $0.tensors[1].name = [0xff] },
    Lie("0 dimensions") { $0.tensors[0].dimensions = [] },
    Lie("5 dimensions") { $0.tensors[0].dimensions = [1, 1, 1, 1, 6] },
    Lie("impossible dimensions") { $0.tensors[0].dimensions = [0, 6] },
    Lie("impossible dimensions") { $0.tensors[0].dimensions = [1 << 32, 1 << 32] },
    Lie("impossible dimensions") { $0.tensors[0].dimensions = [.max] },
    Lie("are left") { $0.tensors[0].dimensions = [1 << 61] },
    Lie("are left") { $0.tensors[1].dimensions = [65] },
    Lie("does not follow") { $0.tensors[0].dimensions = [17] },
    Lie("does not follow") { $0.tensors[1].offset = 0 },
    Lie("does not follow") { $0.tensors[1].offset = .max },
    Lie("element type 2") { $0.tensors[1].type = 2 },
  ]

  @Test(arguments: lies.indices) func lyingHeaderIsAnError(index: Int) throws {
    let folder = try TemporaryFolder(inMemory: true)
    let lie = Self.lies[index]
    var file = GGUFBytes()
    lie.change(&file)
    expectFailure("damaged.gguf", lie.part) { try open(file.sealed(), in: folder) }
  }

  @Test func hostileNamesAreShownInOneShortLine() throws {
    let folder = try TemporaryFolder(inMemory: true)
    var file = GGUFBytes()
    let name = "\u{1b}[31m\n" + String(repeating: "x", count: 10_000)
    file.entries.append(text(name) + little(UInt32(99)))
    expectFailure("'?[31m?xxx", "…'") { try open(file.sealed(), in: folder) }
  }
}

/// A change to a sound file, and a part of the sentence that it must lead to.
private struct Lie: Sendable {
  var part: String
  var change: @Sendable (inout GGUFBytes) -> Void

  init(_ part: String, change: @escaping @Sendable (inout GGUFBytes) -> Void) {
    self.part = part
    self.change = change
  }
}

private func entry(_ key: String, _ type: UInt32, _ value: [UInt8]) -> [UInt8] { text(key) + little(type) + value }

private func arrayStart(of type: UInt32, count: UInt64) -> [UInt8] { entry("x", 9, little(type) + little(count)) }
