import FaceqSupport

/// `torch.save` since PyTorch 1.6: a zip archive with one folder of any name, in it the pickle `data.pkl` and one entry
/// `data/KEY` per storage.
enum ZipCheckpoint {
  static let pickleName = "/data.pkl"

  static func read(_ archive: ZipArchive) throws(FaceqError) -> CheckpointContents {
    let file = archive.file
    let pickles = archive.entries.filter { $0.name.hasSuffix(pickleName) }
    guard pickles.count == 1 else {
      throw file.error("is a zip archive but no PyTorch checkpoint: it has \(pickles.count) entries named data.pkl")
    }
    let root = pickles[0].name.dropLast(pickleName.utf8.count)
    if let byteOrder = archive["\(root)/byteorder"] {
      let range = try archive.verified(byteOrder)
      guard file.bytes[range].elementsEqual("little".utf8) else {
        throw file.error("was not written by a little-endian machine; save it again on one")
      }
    }

    let pickle = try PickleMachine.run(file, try archive.verified(pickles[0]), part: "its pickle")
    // A storage can have many tensors, and is summed up once.
    var verified: [String: Range<Int>] = [:]
    let storages = StorageTable(file: file) { (key) throws(FaceqError) in
      if let range = verified[key] { return range }
      guard let entry = archive["\(root)/data/\(key)"] else { return nil }
      let range = try archive.verified(entry)
      verified[key] = range
      return range
    }
    return CheckpointContents(
      file: file, dictionaries: TensorSearch.run(pickle), storages: storages,
      unknownFunction: pickle.heap.unknownNames.first)
  }
}
