import FaceqSupport

/// Where the storages that a pickle refers to lie in the file.
struct StorageTable {
  private let file: CheckpointFile
  /// Nil where there is no such storage; throws where it is not what was written.
  private let range: (_ key: String) throws(FaceqError) -> Range<Int>?

  init(file: CheckpointFile, range: @escaping (_ key: String) throws(FaceqError) -> Range<Int>?) {
    self.file = file
    self.range = range
  }

  /// A tensor over its storage, checked against its storage's size.
  func view(_ name: String, _ tensor: PickledTensor) throws(FaceqError) -> TensorView {
    let storage = tensor.storage
    guard let range = try range(storage.key) else {
      throw file.damaged("the storage \(printable(storage.key)) of the tensor \(printable(name)) is missing")
    }
    let (size, overflowed) = storage.count.multipliedReportingOverflow(by: storage.type.size)
    guard !overflowed, size == range.count else {
      throw file.damaged(
        "the storage of the tensor \(printable(name)) has \(range.count) bytes where its pickle says "
          + "\(storage.count) × \(storage.type.size)")
    }
    let start = range.lowerBound + storage.viewStart * storage.type.size
    return try TensorView(
      name, file: file, storage: start..<start + storage.viewCount * storage.type.size, type: tensor.type,
      offset: tensor.offset, shape: tensor.shape, strides: tensor.strides)
  }
}
