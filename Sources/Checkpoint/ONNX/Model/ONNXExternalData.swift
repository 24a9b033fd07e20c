import FaceqSupport

/// The files beside a model that hold its large tensors. They have to lie in the model's folder or below it.
final class ONNXExternalData {
  /// Where a tensor lies: a path relative to the model's folder, and a range of that file.
  struct Location {
    var path: String?
    var offset = 0
    var length: Int?
  }

  private let model: CheckpointFile
  private var files: [String: CheckpointFile] = [:]

  init(model: CheckpointFile) { self.model = model }

  /// Adds one of the key and value pairs that describe a tensor's place.
  func read(_ reader: ProtobufReader, into location: inout Location?) throws(FaceqError) {
    var reader = reader
    var key = ""
    var value = ""
    while let field = try reader.next() {
      switch field.number {
      case 1: key = try field.text()
      case 2: value = try field.text()
      default: break
      }
    }
    var place = location ?? Location()
    switch key {
    case "location": place.path = value
    case "offset": place.offset = try number(value)
    case "length": place.length = try number(value)
    default: break
    }
    location = place
  }

  private func number(_ text: String) throws(FaceqError) -> Int {
    guard let number = Int(text), number >= 0 else {
      throw model.damaged("a tensor's place in a second file is \(quoted(text)), which is no number")
    }
    return number
  }

  /// The file and the range of bytes of a tensor; `wanted` bytes where the model does not say how many.
  func bytes(
    _ location: Location?, tensor: String, wanted: Int
  ) throws(FaceqError) -> (CheckpointFile, Range<Int>) {
    guard let location, let path = location.path else {
      throw model.damaged("the tensor \(tensor) lies in a second file that has no name")
    }
    let file = try open(path, tensor: tensor)
    let length = location.length ?? wanted
    let (end, overflowed) = location.offset.addingReportingOverflow(length)
    guard !overflowed, end <= file.bytes.count else {
      throw model.error(
        "keeps the tensor \(tensor) past the end of \(printable(path)); copy that file again, or export both again")
    }
    return (file, location.offset..<end)
  }

  private func open(_ path: String, tensor: String) throws(FaceqError) -> CheckpointFile {
    if let file = files[path] { return file }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !path.isEmpty, !path.hasPrefix("/"), !parts.contains(".."), !path.utf8.contains(0) else {
      throw outside(path)
    }
    let folder = model.path.folder
    let place = folder.appending(component: path.utf8)
    if let top = folder.resolved, let target = place.resolved {
      let inside = top.appending(component: [UInt8]()).bytes
      guard target == top || target.bytes.starts(with: inside) else { throw outside(path) }
    }
    do {
      let file = try CheckpointFile(path: place)
      files[path] = file
      return file
    } catch {
      throw model.error(
        "keeps the tensor \(tensor) in a second file, \(printable(path)), that cannot be read (\(error.message)); "
          + "put it beside the model")
    }
  }

  private func outside(_ path: String) -> FaceqError {
    model.error(
      "keeps weights in \(quoted(path)), outside its own folder, where faceq does not look; put that file beside it "
        + "and save the model with that location")
  }
}
