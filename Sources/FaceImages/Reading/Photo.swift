public import FaceqSupport

/// A picture in a JPEG or PNG file, on disk or in memory, or one whose pixels are known. A file's size is known when it is opened; its pixels are decoded as they are asked for.
///
/// Which of the two formats it is, the file's first bytes decide. JPEG: baseline and progressive; grey, colour, CMYK and
/// YCCK (stored inverted, as Adobe writes them, and converted by `channel · black / 255`). PNG: every kind, 16 bits
/// rounded to 8, what is transparent blended with white in linear light. Both are turned upright by their EXIF
/// orientation. Colour profiles are not applied, but for a PNG's own gamma.
public struct Photo: Sendable {
  /// What errors call the picture.
  public let path: FilePath
  /// In pixels of the file, upright and in full.
  public let width: Int
  public let height: Int
  private let content: Content
  private let orientation: Orientation
  /// Whether a smaller picture can be decoded for less.
  private let canBeReduced: Bool
  private let limits: ImageLimits

  private enum Content: Sendable {
    case file(MappedFile, ImageFormat)
    case pixels(RGBImage)
  }

  /// - Throws: one sentence that names the file: missing, empty, neither JPEG nor PNG, damaged, or with too many bytes.
  public init(path: FilePath, limits: ImageLimits = .default) throws(FaceqError) {
    try self.init(try MappedFile(path: path), limits: limits)
  }

  /// As the other initialiser, of a file's bytes, which are copied.
  ///
  /// - Parameter name: what errors call the picture.
  package init(
    copying bytes: UnsafeRawBufferPointer, name: FilePath, limits: ImageLimits = .default
  ) throws(FaceqError) {
    try limits.check(bytes: bytes.count, path: name)
    try self.init(try MappedFile(copying: bytes, name: name), limits: limits)
  }

  /// A picture of pixels.
  ///
  /// - Parameter name: what errors call the picture.
  package init(_ image: RGBImage, name: FilePath) {
    path = name
    (width, height) = (image.width, image.height)
    content = .pixels(image)
    orientation = .upright
    canBeReduced = false
    limits = .default
  }

  private init(_ file: MappedFile, limits: ImageLimits) throws(FaceqError) {
    let path = file.path
    self.path = path
    self.limits = limits
    let bytes = file.bytes
    try limits.check(bytes: bytes.count, path: path)
    guard let format = ImageFormat(bytes) else {
      let kind = otherFormat(bytes).map { "it is \($0), and neither a JPEG nor a PNG image" }
      throw FaceqError(
        "cannot read \(path): \(kind ?? "it is neither a JPEG nor a PNG image"); convert it to one of them")
    }
    content = .file(file, format)
    let stored: (width: Int, height: Int)
    switch format {
    case .jpeg:
      let decoder = try JPEGDecoder(bytes, path: path)
      orientation = decoder.orientation
      stored = (decoder.width, decoder.height)
      canBeReduced = !decoder.hasSeveralScans
    case .png:
      let header = try pngHeader(bytes, path: path)
      orientation = header.orientation
      stored = (header.width, header.height)
      canBeReduced = false
    }
    (width, height) = orientation.exchangesAxes ? (stored.height, stored.width) : stored
  }

  /// The whole picture.
  ///
  /// - Parameter size: so many columns and rows are enough: a JPEG is decoded at 1/2, 1/4 or 1/8 of its size where that
  ///   leaves them, but a progressive one, of which all coefficients are held anyway; nil decodes it in full.
  /// - Throws: where the file is damaged, cut short, or over a limit. A picture of which the codec has to make up pixels
  ///   counts as damaged (`JPEGWarnings`).
  public func whole(atLeast size: (width: Int, height: Int)? = nil) throws(FaceqError) -> PhotoPart {
    try decode(columns: 0..<width, rows: 0..<height, reduction: size.map { reduction(atLeast: $0) } ?? 1)
  }

  /// A part of the picture, in full as long as the limit of pixels allows it.
  ///
  /// - Parameters:
  ///   - columns: not empty, in the picture; the part may have some more.
  ///   - rows: likewise.
  /// - Throws: as `whole`.
  package func part(columns: Range<Int>, rows: Range<Int>) throws(FaceqError) -> PhotoPart {
    let reduction = [1, 2, 4].first { columns.count * rows.count / ($0 * $0) <= limits.maximumPixels } ?? 8
    return try decode(columns: columns, rows: rows, reduction: isJPEG ? reduction : 1)
  }

  /// By how much both sides are divided when the whole picture is decoded at no less than this size: 1, 2, 4 or 8.
  package func reduction(atLeast size: (width: Int, height: Int)) -> Int {
    guard canBeReduced else { return 1 }
    return [8, 4, 2].first { width / $0 >= size.width && height / $0 >= size.height } ?? 1
  }

  private var isJPEG: Bool { if case .file(_, .jpeg) = content { true } else { false } }

  private func decode(columns: Range<Int>, rows: Range<Int>, reduction: Int) throws(FaceqError) -> PhotoPart {
    switch content {
    case .file(let file, .jpeg):
      let decoder = try JPEGDecoder(file.bytes, path: path)
      let stored = orientation.stored(columns: columns, rows: rows, width: decoder.width, height: decoder.height)
      let reducedColumns = stored.columns.divided(by: reduction)
      let reducedRows = stored.rows.divided(by: reduction)
      let (image, oddities) = try decoder.decode(
        columns: reducedColumns, rows: reducedRows, reduction: reduction, limits: limits)
      // The last block of a picture may go on behind its edge, which is the first one where the picture is turned.
      let covered = orientation.upright(
        columns: reducedColumns.multiplied(by: reduction), rows: reducedRows.multiplied(by: reduction),
        width: decoder.width, height: decoder.height)
      return PhotoPart(
        image: image.turned(to: orientation), left: covered.columns.lowerBound, top: covered.rows.lowerBound,
        reduction: reduction, oddities: oddities)
    case .file(let file, .png):
      let (image, oddities) = try decodePNG(file.bytes, path: path, limits: limits)
      return part(of: image.turned(to: orientation), columns, rows, oddities)
    case .pixels(let image):
      return part(of: image, columns, rows, [])
    }
  }

  private func part(of upright: RGBImage, _ columns: Range<Int>, _ rows: Range<Int>, _ oddities: [String]) -> PhotoPart
  {
    let isWhole = columns.count == width && rows.count == height
    return PhotoPart(
      image: isWhole ? upright : upright.part(rows: rows, columns: columns), left: columns.lowerBound,
      top: rows.lowerBound, reduction: 1, oddities: oddities)
  }
}

extension Range<Int> {
  /// All of the larger pixels that these are in.
  fileprivate func divided(by factor: Int) -> Range<Int> { lowerBound / factor..<(upperBound + factor - 1) / factor }

  fileprivate func multiplied(by factor: Int) -> Range<Int> { lowerBound * factor..<upperBound * factor }
}
