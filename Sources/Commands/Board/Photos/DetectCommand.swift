import FaceImages
import FaceqSupport

/// `detect`: where the faces in photos are.
package struct DetectCommand: Sendable {
  package var photos: ImageInputs
  package var json: Bool
  /// A JPEG or PNG of the one photo with its faces marked.
  package var drawing: FilePath?
  package var detection: DetectionOptions
  package var options: RunOptions

  package init(
    photos: ImageInputs, json: Bool, drawing: FilePath?, detection: DetectionOptions, options: RunOptions
  ) {
    self.photos = photos
    self.json = json
    self.drawing = drawing
    self.detection = detection
    self.options = options
  }

  /// - Throws: also where no face was found in any photo, after the report.
  package func run(_ console: Console) throws(FaceqError) {
    try options.check()
    try detection.check()
    var queue = try photos.open(console)
    if let drawing {
      guard let photo = queue.only else {
        throw FaceqError("cannot draw several photos into \(drawing); name one photo with --draw")
      }
      try refuseToOverwrite(photo, with: drawing)
      try checkWritable(drawing)
    }
    let finder = FaceFinder(detection, options)
    try finder.openDetector()

    var report = DetectionReport(json: json, ResultText(console, isHeld: photos.isStrict))
    var skipped = SkippedImages(photos, total: queue.total, console)
    var progress = ProgressMeter(console, total: queue.total)
    while let path = try queue.next() {
      var entry: DetectionReport.Entry?
      do throws(FaceqError) {
        entry = try search(path, finder, console)
      } catch {
        try skipped.skip(error)
      }
      if let entry {
        if let drawing { try draw(entry, into: drawing) }
        try report.add(entry)
        skipped.use()
      }
      progress.advance()
    }
    progress.finish()
    try skipped.check()
    try report.finish()
    skipped.report()
    if report.faceCount == 0 {
      throw queue.only.map(noFace) ?? FaceqError("no face was found in any of the \(skipped.used) photos")
    }
  }

  private func search(
    _ path: FilePath, _ finder: FaceFinder, _ console: Console
  ) throws(FaceqError) -> DetectionReport.Entry {
    let start = monotonicSeconds()
    let photo = try Photo(path: path)
    let searched = try finder.searched(photo, note: console.note)
    let decoded = monotonicSeconds()
    let faces = try finder.faces(in: searched, of: photo, searchesAgain: false, note: console.note)
    let milliseconds = ((decoded - start) * 1000, (monotonicSeconds() - decoded) * 1000)
    var entry = DetectionReport.Entry(photo: photo, faces: faces, milliseconds: milliseconds)
    // Quality is told in JSON alone, and that of a face is about the pixels that it is cut from.
    if json, !faces.isEmpty {
      let surroundings = try photo.surroundings(of: faces.map { $0.landmarks }, searched: searched)
      entry.qualities = faces.map { surroundings.quality(of: $0) }
    }
    return entry
  }

  private func draw(_ entry: DetectionReport.Entry, into drawing: FilePath) throws(FaceqError) {
    let photo = entry.photo
    let picture = try photo.part(columns: 0..<photo.width, rows: 0..<photo.height)
    try writePicture(picture.image.drawing(entry.faces.map { picture.shown($0) }), to: drawing)
  }
}

/// Writes a picture as a PNG where the path ends in .png, else as a JPEG.
func writePicture(_ image: RGBImage, to path: FilePath) throws(FaceqError) {
  if path.hasSuffix(".png") {
    try writePNG(image, to: path)
  } else {
    try writeJPEG(image, to: path)
  }
}
