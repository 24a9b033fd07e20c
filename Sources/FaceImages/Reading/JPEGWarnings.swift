internal import CImageCodecs

/// What libjpeg has warned of while it decoded a file. Which warnings mean damage is decided here and nowhere else.
///
/// libjpeg warns, and goes on, both where a file is merely untidy and where pixels are missing. A picture whose pixels
/// were all decoded from the file is read; where some were made up, the file is damaged.
struct JPEGWarnings {
  /// The first warning that means missing or wrong pixels.
  private(set) var damage: String?
  /// The others, in libjpeg's words.
  private(set) var oddities: [String] = []

  init(_ reader: UnsafeMutablePointer<jpeg_reader>) {
    var index: Int32 = 0
    while let warning = jpeg_reader_warning(reader, index) {
      let text = String(cString: jpeg_warning_text(warning))
      if JPEGWarnings.meansDamage(warning.pointee.code, needsEndMarker: reader.pointee.needs_end_marker) {
        damage = damage ?? text
      } else {
        oddities.append(text)
      }
      index += 1
    }
  }

  private static func meansDamage(_ code: Int32, needsEndMarker: Bool) -> Bool {
    switch J_MESSAGE_CODE(UInt32(code)) {
    // Segments with unknown versions, bytes between segments, and parameters that do not matter: every pixel was
    // decoded as the file says.
    case JWRN_ADOBE_XFORM, JWRN_BOGUS_ICC, JWRN_BOGUS_PROGRESSION, JWRN_EXTRANEOUS_DATA, JWRN_JFIF_MAJOR,
      JWRN_NOT_SEQUENTIAL:
      false
    // The file ends without its end marker. Where Huffman codes end too early, JWRN_HIT_MARKER says so besides.
    case JWRN_JPEG_EOF: needsEndMarker
    // JWRN_HIT_MARKER, JWRN_HUFF_BAD_CODE, JWRN_ARITH_BAD_CODE, JWRN_MUST_RESYNC, and whatever a later libjpeg adds.
    default: true
    }
  }
}
