import FaceImages
import QuantRuntime

/// `detect`: where the faces in photos are.
public struct DetectCommand: Sendable {
  /// Images, or folders that stand for the images in them.
  public var photos: [FilePath]
  public var json: Bool
  /// A JPEG or PNG of the one photo with its faces marked.
  public var drawing: FilePath?
  public var detection: DetectionOptions
  public var options: RunOptions

  public init(
    photos: [FilePath], json: Bool, drawing: FilePath?, detection: DetectionOptions, options: RunOptions
  ) {
    self.photos = photos
    self.json = json
    self.drawing = drawing
    self.detection = detection
    self.options = options
  }

  /// - Throws: also where no face was found in any photo, after the report.
  public func run(_ console: Console) throws(FaceqError) {
    try options.check()
    try detection.check()
    let paths = try expandImagePaths(photos)
    if let drawing {
      guard paths.count == 1 else {
        throw FaceqError("cannot draw \(paths.count) photos into \(drawing); name one photo with --draw")
      }
      try refuseToOverwrite(paths[0], with: drawing)
      try checkWritable(drawing)
    }
    let finder = FaceFinder(detection, options)
    try finder.openDetector()

    var report = DetectionReport()
    var unreadable = 0
    var progress = ProgressMeter(console, total: paths.count)
    for path in paths {
      do {
        let start = monotonicSeconds()
        let photo = try FaceFinder.photo(path)
        let decoded = monotonicSeconds()
        let faces = try finder.faces(in: photo.image, path: path)
        report.add(path, photo, faces, decodeSeconds: decoded - start, detectSeconds: monotonicSeconds() - decoded)
        if let drawing { try writePicture(photo.image.drawing(faces), to: drawing) }
      } catch {
        guard paths.count > 1 else { throw error }
        console.note("skipped: \(error.message)")
        unreadable += 1
      }
      progress.advance()
    }
    guard unreadable < paths.count else {
      throw FaceqError("none of the \(paths.count) photos could be used")
    }
    try console.print(json ? report.json() : report.text())
    if report.faceCount == 0 {
      throw paths.count == 1 ? noFace(paths[0]) : FaceqError("no face was found in any of the \(paths.count) photos")
    }
  }
}

/// A PNG where the name ends so, else a JPEG.
func writePicture(_ image: RGBImage, to path: FilePath) throws(FaceqError) {
  if path.hasSuffix(".png") {
    try writePNG(image, to: path)
  } else {
    try writeJPEG(image, to: path)
  }
}
