package import FaceImages
package import FaceqSupport
internal import QuantRuntime

/// A picture: a photo, a camera's frame, or an aligned face.
///
///     let photo = try FacePicture(path: "ada.jpg")
///     let frame = try FacePicture(pixels: bytes.span, width: 640, height: 480, format: .bgr)
public struct FacePicture: Sendable {
  /// How pixels lie in memory, 8 bits for each channel. Alpha is left out of account.
  public enum Format: Sendable {
    case rgb, bgr, rgba, bgra, grey

    /// Bytes of a pixel.
    public var bytesPerPixel: Int {
      switch self {
      case .grey: 1
      case .rgb, .bgr: 3
      case .rgba, .bgra: 4
      }
    }
  }

  /// A file is decoded when it is searched, at the size that the detector needs.
  package let photo: Photo

  /// Opens a JPEG or PNG file, which is turned upright by its EXIF orientation. Its pixels are decoded as they are needed.
  ///
  /// - Throws: `unusablePicture` where it cannot be read, its header is damaged, or it is too large; `outOfMemory`.
  public init(path: String) throws(FaceError) { try self.init(FilePath(path)) }

  /// As `init(path:)`, of the bytes of a file, which are copied.
  public init(encoded bytes: Span<UInt8>) throws(FaceError) {
    try self.init(encoded: bytes.withUnsafeBufferPointer { UnsafeRawBufferPointer($0) })
  }

  /// A picture of pixels, which are copied.
  ///
  /// - Parameters:
  ///   - pixels: [row][column][channel], from the top left.
  ///   - width: columns, at least 1.
  ///   - height: rows, at least 1.
  ///   - format: what a pixel's bytes are.
  ///   - bytesPerRow: from one row to the next; nil where nothing lies between rows.
  /// - Throws: `invalidArgument` where a number is out of its range or there are too few bytes; `unusablePicture` where
  ///   there are more than 64,000,000 pixels; `outOfMemory`.
  public init(
    pixels: Span<UInt8>, width: Int, height: Int, format: Format, bytesPerRow: Int? = nil
  ) throws(FaceError) {
    try self.init(
      pixels: pixels.withUnsafeBufferPointer { UnsafeRawBufferPointer($0) }, width: width, height: height,
      format: format, bytesPerRow: bytesPerRow)
  }

  package init(_ path: FilePath) throws(FaceError) {
    photo = try failing(as: .unusablePicture) { () throws(FaceqError) in try Photo(path: path) }
  }

  package init(encoded bytes: UnsafeRawBufferPointer) throws(FaceError) {
    photo = try failing(as: .unusablePicture) { () throws(FaceqError) in
      try Photo(copying: bytes, name: FacePicture.standardName)
    }
  }

  package init(
    pixels: UnsafeRawBufferPointer, width: Int, height: Int, format: Format, bytesPerRow: Int? = nil
  ) throws(FaceError) {
    guard (1...FacePicture.longestSide).contains(width), (1...FacePicture.longestSide).contains(height) else {
      throw FaceError(
        .invalidArgument, "a picture cannot have \(width) × \(height) pixels; each side has 1 to 1,000,000")
    }
    let row = width * format.bytesPerPixel
    let stride = bytesPerRow ?? row
    guard stride >= row, stride <= Int.max / height, pixels.count >= (height - 1) * stride + row,
      let first = pixels.baseAddress
    else {
      throw FaceError(
        .invalidArgument,
        "\(pixels.count) bytes with \(stride) for each row are too few for \(width) × \(height) pixels of "
          + "\(format.bytesPerPixel) bytes; check the width, the format and the bytes of a row")
    }
    try failing(as: .unusablePicture) { () throws(FaceqError) in
      try ImageLimits.default.check(width: width, height: height, path: FacePicture.standardName)
    }
    let image = RGBImage(width: width, height: height) { row, output in
      format.convert(first + row * stride, count: width, to: output)
    }
    self.init(image)
  }

  private init(_ image: RGBImage) { photo = Photo(image, name: FacePicture.standardName) }

  /// Columns of the upright picture at its full size.
  public var width: Int { photo.width }

  /// Rows of the upright picture at its full size.
  public var height: Int { photo.height }

  /// The upright picture in full: RGB [row][column][3].
  ///
  /// A file is decoded for it.
  /// - Throws: `unusablePicture` where a file is damaged; `outOfMemory`.
  public var pixels: [UInt8] { get throws(FaceError) { try whole().image.pixels } }

  func whole() throws(FaceError) -> PhotoPart {
    try failing(as: .unusablePicture) { () throws(FaceqError) in try photo.whole() }
  }

  /// What faces are cut from.
  func surroundings(of faces: [DetectedFace], searched: PhotoPart) throws(FaceError) -> PhotoPart {
    try failing(as: .unusablePicture) { () throws(FaceqError) in
      try photo.surroundings(of: faces.map { $0.landmarks }, searched: searched)
    }
  }

  /// The face with these landmarks, turned, scaled and shifted as models are trained on.
  ///
  /// - Parameters:
  ///   - face: one that was found in this picture.
  ///   - side: width and height of the result in pixels, 16…1024.
  /// - Throws: `invalidArgument` where the side is another or the landmarks coincide; `unusablePicture` where the file is
  ///   damaged; `outOfMemory`.
  public func aligned(_ face: Face, side: Int = 112) throws(FaceError) -> FacePicture {
    try aligned(landmarks: face.landmarks, side: side)
  }

  package func aligned(landmarks: [Face.Point], side: Int) throws(FaceError) -> FacePicture {
    guard (16...1024).contains(side) else {
      throw FaceError(.invalidArgument, "a face cannot be aligned to \(side) pixels; choose 16 to 1024")
    }
    let points = landmarks.map { Point(x: $0.x, y: $0.y) }
    guard points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else {
      throw FaceError(.invalidArgument, "a landmark is no number; give five places in the picture")
    }
    let surroundings = try failing(as: .unusablePicture) { () throws(FaceqError) in
      try photo.surroundings(of: [points])
    }
    return FacePicture(
      try failing(as: .invalidArgument) { () throws(FaceqError) in try surroundings.aligned(points, size: side) })
  }

  private static let longestSide = 1_000_000
  private static var standardName: FilePath { "the picture" }
}

extension FacePicture.Format {
  /// Writes a row's pixels as RGB.
  fileprivate func convert(_ row: UnsafeRawPointer, count: Int, to output: UnsafeMutablePointer<UInt8>) {
    let input = row.assumingMemoryBound(to: UInt8.self)
    let step = bytesPerPixel
    let (red, green, blue) =
      switch self {
      case .rgb, .rgba: (0, 1, 2)
      case .bgr, .bgra: (2, 1, 0)
      case .grey: (0, 0, 0)
      }
    for column in 0..<count {
      let pixel = input + column * step
      output[3 * column] = pixel[red]
      output[3 * column + 1] = pixel[green]
      output[3 * column + 2] = pixel[blue]
    }
  }
}

extension RGBImage {
  /// A picture whose rows `fill` writes, RGB [column][3].
  fileprivate init(width: Int, height: Int, fill: (_ row: Int, UnsafeMutablePointer<UInt8>) -> Void) {
    let bytes = [UInt8](unsafeUninitializedCapacity: height * width * 3) { buffer, count in
      if let start = buffer.baseAddress { for row in 0..<height { fill(row, start + row * width * 3) } }
      count = height * width * 3
    }
    self.init(width: width, height: height, pixels: bytes)
  }
}
