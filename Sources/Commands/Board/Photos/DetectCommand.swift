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
      var searched: (entry: DetectionReport.Entry, photo: Photo)?
      do throws(FaceqError) {
        searched = try search(path, finder, console)
      } catch {
        try skipped.skip(error)
      }
      if let (entry, photo) = searched {
        if let drawing { try writePicture(photo.image.drawing(entry.faces), to: drawing) }
        try report.add(entry, photo)
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
  ) throws(FaceqError) -> (entry: DetectionReport.Entry, photo: Photo) {
    let start = monotonicSeconds()
    let photo = try finder.photo(path, note: console.note)
    let decoded = monotonicSeconds()
    let faces = try finder.faces(in: photo.image, path: path, searchesAgain: false, note: console.note)
    let milliseconds = ((decoded - start) * 1000, (monotonicSeconds() - decoded) * 1000)
    return (DetectionReport.Entry(path: path, faces: faces, milliseconds: milliseconds), photo)
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
