/// What a file is that is no checkpoint, and what to do: the end of a sentence that begins with its path.
func explanationOfOtherFile(_ bytes: UnsafeRawBufferPointer) -> String {
  func has(_ text: String, at offset: Int = 0) -> Bool {
    bytes.count >= offset + text.utf8.count
      && bytes[offset..<offset + text.utf8.count].elementsEqual(text.utf8)
  }
  func begins(_ start: [UInt8]) -> Bool { bytes.starts(with: start) }
  let downloadAgain = "download it again, from a page that gives the file itself"
  if has("version https://git-lfs") {
    return "is Git LFS's note of where the file is, and not a checkpoint; fetch the file with git lfs pull"
  }
  if has("GGUF") {
    return "is a GGUF file, and not a checkpoint; if it is a model that faceq has made, it needs no import"
  }
  if begins([0x89, 0x48, 0x44, 0x46]) {
    return "is an HDF5 file, as Keras writes, and not a checkpoint that faceq reads; give the network's PyTorch weights"
  }
  if has("TFL3", at: 4) {
    return "is a TensorFlow Lite model, and not a checkpoint; give the weights that it was made from"
  }
  if begins([0x1F, 0x8B]) || begins([0x37, 0x7A, 0xBC]) || has("Rar!")
    || begins([0xFD, 0x37, 0x7A, 0x58, 0x5A]) || has("BZh")
  {
    return "is a compressed archive, and not a checkpoint; unpack it first"
  }
  if has("ustar", at: 257) { return "is a tar archive, and not a checkpoint; unpack it first" }
  let start = String(decoding: bytes.prefix(512).drop { $0 <= 0x20 || $0 >= 0x80 }, as: UTF8.self)
  let isMarkup = ["<!doctype html", "<html", "<head", "<?xml", "<!--"].contains { start.lowercased().hasPrefix($0) }
  if isMarkup { return "is a web page, and not a checkpoint; \(downloadAgain)" }
  if start.hasPrefix("{"), start.contains("\"weight_map\"") || start.contains("\"metadata\"") {
    return "is the index of a checkpoint in several parts, and not a checkpoint; give the parts as one file"
  }
  if start.hasPrefix("{"), start.lowercased().contains("\"error") {
    return "is a server's error message, and not a checkpoint; \(downloadAgain)"
  }
  if isONNX(bytes) {
    return "is an ONNX file, and not a checkpoint that faceq can read; give the PyTorch weights that it was made from"
  }
  return "is not a checkpoint that faceq can read; give a PyTorch file (.pth, .pt, .ckpt), .safetensors or .npz"
}

/// An ONNX file begins with its version, a small number in field 1, and names its producer or its operators soon.
private func isONNX(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard bytes.count > 16, bytes[0] == 0x08, (3...32).contains(bytes[1]) else { return false }
  return [0x12, 0x1A, 0x22, 0x2A, 0x3A, 0x42].contains(bytes[2])
}

/// What a zip archive is, by the names in its directory, where it is neither a checkpoint nor NumPy's; nil elsewhere.
///
/// The names are looked for without the care that `ZipArchive` takes, because such archives have compressed entries,
/// which it refuses.
func explanationOfOtherArchive(_ bytes: UnsafeRawBufferPointer) -> String? {
  let names = zipEntryNames(bytes)
  if names.contains(where: { $0.contains("/code/") }), names.contains(where: { $0.hasSuffix("/constants.pkl") }) {
    return "is a TorchScript program, and not a checkpoint; open it with torch.jit.load, and save its state_dict() "
      + "with torch.save"
  }
  let checkpoint = names.first { name in
    [".pth", ".pt", ".ckpt", ".safetensors", ".npz", ".bin"].contains { name.hasSuffix($0) }
  }
  if let checkpoint, !names.contains(where: { $0.hasSuffix("/data.pkl") }) {
    return "is a zip archive with \(printable(checkpoint)) in it, and not a checkpoint; unpack it first"
  }
  return nil
}

private func zipEntryNames(_ bytes: UnsafeRawBufferPointer) -> [String] {
  var names: [String] = []
  var offset = max(0, bytes.count - (1 << 20))
  while offset + 46 <= bytes.count, names.count < 10_000 {
    guard bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) == UInt32(littleEndian: 0x0201_4B50) else {
      offset += 1
      continue
    }
    let length = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 28, as: UInt16.self)))
    guard offset + 46 + length <= bytes.count else { break }
    names.append(String(decoding: bytes[offset + 46..<offset + 46 + length], as: UTF8.self))
    offset += 46 + length
  }
  return names
}
