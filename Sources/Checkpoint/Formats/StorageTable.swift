import QuantRuntime

/// Where the storages that a pickle refers to lie in the file.
struct StorageTable {
  private let file: CheckpointFile
  private var ranges: [String: Range<Int>] = [:]

  init(file: CheckpointFile) { self.file = file }

  mutating func insert(_ range: Range<Int>, key: String) throws(FaceqError) {
    guard ranges.updateValue(range, forKey: key) == nil else {
      throw file.damaged("it holds the storage \(printable(key)) twice")
    }
  }

  /// The tensors over their storages, each checked against its storage's size.
  func resolve(_ tensors: [(name: String, tensor: PickledTensor)]) throws(FaceqError) -> StateDict {
    var views: [(name: String, tensor: TensorView)] = []
    for (name, tensor) in tensors {
      let storage = tensor.storage
      guard let range = ranges[storage.key] else {
        throw file.damaged("the storage \(printable(storage.key)) of the tensor \(printable(name)) is missing")
      }
      let (size, overflowed) = storage.count.multipliedReportingOverflow(by: storage.type.size)
      guard !overflowed, size == range.count else {
        throw file.damaged(
          "the storage of the tensor \(printable(name)) has \(range.count) bytes where its pickle says "
            + "\(storage.count) × \(storage.type.size)")
      }
      let start = range.lowerBound + storage.viewStart * storage.type.size
      let view = try TensorView(
        name, file: file, storage: start..<start + storage.viewCount * storage.type.size, type: tensor.type,
        offset: tensor.offset, shape: tensor.shape, strides: tensor.strides)
      views.append((name, view))
    }
    return try StateDict(views, file: file)
  }
}
