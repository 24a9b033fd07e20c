/// What a file's name says that it is.
package enum ImageSuffix {
  /// The file is a JPEG or a PNG.
  case readable
  /// The file is an image of another format, whose name ends with these letters after the dot, in lower case.
  case other(String)

  /// The kind of image that a file with this name is, nil where it is none.
  package init?(_ name: ArraySlice<UInt8>) {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), name.endIndex - dot <= 6 else { return nil }
    let lowercased = name[(dot + 1)...].map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    func isOne(of suffixes: [StaticString]) -> Bool {
      suffixes.contains { $0.withUTF8Buffer { $0.elementsEqual(lowercased) } }
    }
    if isOne(of: ["jpg", "jpeg", "jpe", "jfif", "png"]) {
      self = .readable
    } else if isOne(of: [
      "webp", "heic", "heif", "avif", "gif", "bmp", "tif", "tiff", "jp2", "jxl", "dng", "cr2", "cr3", "nef", "arw",
      "raf",
      "orf", "rw2",
    ]) {
      self = .other(String(decoding: lowercased, as: UTF8.self))
    } else {
      return nil
    }
  }
}
