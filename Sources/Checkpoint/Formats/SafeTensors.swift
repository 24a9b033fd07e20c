import FaceqSupport
import FoundationEssentials

/// Hugging Face's .safetensors: the length of a JSON header (uint64), the header, the tensors' bytes. The header gives
/// each tensor's type, shape and byte range behind the header.
enum SafeTensors {
  private struct Entry: Decodable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  private enum HeaderValue: Decodable {
    case tensor(Entry)
    case metadata

    init(from decoder: any Decoder) throws {
      let isMetadata = decoder.codingPath.last?.stringValue == "__metadata__"
      self = isMetadata ? .metadata : .tensor(try Entry(from: decoder))
    }
  }

  /// Whether the file begins as one: a plausible length, then a JSON object.
  static func isFormat(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else { return false }
    return UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) <= 16 << 20
  }

  static func read(_ file: CheckpointFile) throws(FaceqError) -> CheckpointContents {
    var reader = ByteReader(file, 0..<file.bytes.count, part: "its header")
    let header = try reader.take(try reader.size(UInt64.self))
    let entries: [String: HeaderValue]
    do {
      entries = try JSONDecoder().decode([String: HeaderValue].self, from: Data(file.bytes[header]))
    } catch {
      throw file.damaged("its header is not one of a .safetensors file")
    }

    var tensors: [(name: String, entry: Entry)] = []
    for case (let name, .tensor(let entry)) in entries { tensors.append((name, entry)) }
    tensors.sort { ($0.entry.data_offsets.first ?? 0, $0.name) < ($1.entry.data_offsets.first ?? 0, $1.name) }
    var views: [(name: String, tensor: StoredTensor)] = []
    for (name, entry) in tensors {
      views.append((name, .view(try view(name, entry, file, behind: header.upperBound))))
    }
    return CheckpointContents(views, file: file)
  }

  private static func view(
    _ name: String, _ entry: Entry, _ file: CheckpointFile, behind header: Int
  ) throws(FaceqError) -> TensorView {
    guard let type = types[entry.dtype] else {
      throw file.error("has numbers of the type \(printable(entry.dtype)) in \(printable(name)); save it as F32")
    }
    let room = file.bytes.count - header
    guard entry.data_offsets.count == 2, 0 <= entry.data_offsets[0], entry.data_offsets[0] <= entry.data_offsets[1],
      entry.data_offsets[1] <= room
    else { throw file.damaged("its tensor \(printable(name)) lies outside the file") }
    let storage = header + entry.data_offsets[0]..<header + entry.data_offsets[1]
    return try TensorView(name, file: file, storage: storage, type: type, shape: entry.shape)
  }

  private static let types: [String: ElementType] = [
    "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32, "I16": .int16,
    "I8": .int8, "U8": .uint8, "BOOL": .bool,
  ]
}
