/// What a file is that is neither JPEG nor PNG, by its first bytes, with its article: "a WebP image"; nil where they
/// tell nothing.
func otherFormat(_ bytes: UnsafeRawBufferPointer) -> String? {
  func has(_ text: StaticString, at offset: Int = 0) -> Bool {
    bytes.count >= offset + text.utf8CodeUnitCount
      && text.withUTF8Buffer { bytes[offset..<offset + $0.count].elementsEqual($0) }
  }
  if has("RIFF"), has("WEBP", at: 8) { return "a WebP image" }
  if has("ftyp", at: 4) {
    if has("avif", at: 8) || has("avis", at: 8) { return "an AVIF image" }
    let isHEIF = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"].contains { (brand: StaticString) in
      has(brand, at: 8)
    }
    return isHEIF ? "a HEIC image" : "a video"
  }
  if has("GIF8") { return "a GIF image" }
  if has("BM") { return "a BMP image" }
  if has("II*\0") || has("MM\0*") { return "a TIFF image or a camera's raw file" }
  if has("8BPS") { return "a Photoshop file" }
  if has("%PDF") { return "a PDF document" }
  if has("\0\0\0\u{0c}JXL ") { return "a JPEG XL image" }
  if has("\0\0\0\u{0c}jP  ") { return "a JPEG 2000 image" }
  if has("P5") || has("P6") { return "a PNM image" }
  if has("GGUF") { return "a model file" }
  let start = bytes.prefix(64).drop { $0 <= 0x20 || $0 >= 0x80 }
  if start.first == UInt8(ascii: "<") { return "a web page or another XML text" }
  return nil
}
