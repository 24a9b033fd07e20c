import CSystem
import FaceImages
import FaceWatch
import FaceqSupport

/// What a source is that the user named.
///
/// - Throws: where there is nothing of that name, or nothing in it.
func sourceAddress(_ source: FilePath, _ console: Console) throws(FaceqError) -> SourceAddress {
  if source == "-" { return .standardInput }
  let text = String(decoding: source.bytes, as: UTF8.self)
  if let scheme = text.scheme {
    guard scheme.utf8.elementsEqual("http".utf8) else {
      throw FaceqError(
        "\(source) cannot be read: only http is spoken here; pipe it in: ffmpeg -i \(source) -c:v mjpeg -f mjpeg - | "
          + "\(console.program) watch - …")
    }
    return .stream(try HTTPAddress(text))
  }
  var facts = system_file_facts()
  guard source.withCString({ system_facts_of_path($0, &facts) }) == 0 else {
    throw FaceqError("cannot open \(source): \(systemReason(system_errno()))")
  }
  if system_is_folder(&facts) { return try pictures(source, console) }
  if system_is_character_device(&facts) { return .camera(source) }
  guard system_is_regular(&facts) else { return .file(source) }
  // Motion JPEG and one JPEG begin alike: what is called a picture is one.
  if ImageSuffix(source.name) != nil { return try pictures(source, console) }
  let file = try MappedFile(path: source)
  return file.bytes.starts(with: [0xff, 0xd8]) || file.bytes.prefix(1 << 16).contains(0)
    ? .file(source) : try pictures(source, console)
}

/// The pictures that a folder, a list or a picture stands for.
private func pictures(_ path: FilePath, _ console: Console) throws(FaceqError) -> SourceAddress {
  var search = ImageSearch()
  try search.add(path)
  for note in search.notes { console.note("skipped: \(note)") }
  if let note = search.passedOverNote { console.note(note) }
  return .pictures(search.images, name: path)
}

extension SourceAddress {
  /// Whether no frame is dropped in any case, because the source waits.
  var isRecording: Bool {
    switch self {
    case .file, .pictures: true
    case .standardInput, .camera, .stream: false
    }
  }
}

extension String {
  /// The letters before `://`, nil where there are none.
  fileprivate var scheme: String? {
    let bytes = Array(utf8)
    guard let end = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[end...].starts(with: "://".utf8),
      bytes[..<end].allSatisfy({ (0x61...0x7a).contains($0 | 0x20) }), end > 0
    else { return nil }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }
}
