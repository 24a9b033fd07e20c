import CSystem
import FaceImages
import FaceqSupport

/// `align`: the faces in photos as pictures of 112 × 112, ready for a model.
package struct AlignCommand: Sendable {
  package var photos: ImageInputs
  /// The folder for the faces; made where it does not exist. It keeps the folders that the photos are in.
  package var folder: FilePath
  /// The five landmarks of the one face in the one photo, in pixels of its file; nothing is detected then.
  package var landmarks: [Point]?
  /// How many varied pictures of each face to write besides.
  package var variations: Int
  package var detection: DetectionOptions
  package var options: RunOptions

  package init(
    photos: ImageInputs, folder: FilePath, landmarks: [Point]?, variations: Int, detection: DetectionOptions,
    options: RunOptions
  ) {
    self.photos = photos
    self.folder = folder
    self.landmarks = landmarks
    self.variations = variations
    self.detection = detection
    self.options = options
  }

  /// - Throws: also where no face could be used.
  package func run(_ console: Console) throws(FaceqError) {
    try options.check()
    try detection.check()
    guard (0...999).contains(variations) else {
      throw FaceqError("cannot make \(variations) variations of each face; choose 0 to 999")
    }
    var queue = try photos.open(console)
    if let landmarks, landmarks.count != 5 || queue.only == nil {
      throw FaceqError("--landmarks takes five points, for one photo")
    }
    let finder = FaceFinder(detection, options)
    if landmarks == nil { try finder.openDetector() }
    var output = FaceFolder(folder)
    do throws(FaceqError) {
      try align(&queue, finder, &output, console)
    } catch {
      if photos.isStrict { output.removeAll() }
      throw error
    }
  }

  private func align(
    _ queue: inout ImageQueue, _ finder: FaceFinder, _ output: inout FaceFolder, _ console: Console
  ) throws(FaceqError) {
    var written = 0
    var skipped = SkippedImages(photos, total: queue.total, console)
    var progress = ProgressMeter(console, total: queue.total)
    while let path = try queue.next() {
      var found: (photo: Photo, surroundings: PhotoPart, faces: [DetectedFace])?
      do throws(FaceqError) {
        found = try find(path, finder, console)
      } catch {
        try skipped.skip(error)
      }
      if let (photo, surroundings, faces) = found {
        var faults: [String] = []
        let name = queue.commonFolder.folders(of: path).appending(component: path.stem)
        let count = try write(faces, of: photo, from: surroundings, finder, as: name, to: &output) {
          faults.append($0)
        }
        written += count
        if count > 0 {
          skipped.use()
          for fault in faults { console.note("skipped: \(fault)") }
        } else {
          try skipped.skip(FaceqError(faults.joined(separator: "; ")))
        }
      }
      progress.advance()
    }
    progress.finish()
    guard written > 0 else {
      throw FaceqError(
        "no face in the \(counted(skipped.count, "photo")) could be aligned; nothing was written to \(folder)")
    }
    try console.print(
      "\(folder): \(counted(written, "face")) of \(counted(skipped.used, "photo"))"
        + (variations > 0 ? ", each with \(counted(variations, "variation"))" : ""))
    skipped.report()
  }

  private func find(
    _ path: FilePath, _ finder: FaceFinder, _ console: Console
  ) throws(FaceqError) -> (photo: Photo, surroundings: PhotoPart, faces: [DetectedFace]) {
    let photo = try Photo(path: path)
    if let landmarks {
      // They are in pixels of the file, and nobody asks for the box.
      let box = FaceBox(left: 0, top: 0, right: 0, bottom: 0)
      return (photo, try photo.whole(), [DetectedFace(box: box, score: 1, landmarks: landmarks)])
    }
    let searched = try finder.searched(photo, note: console.note)
    let faces = try finder.faces(in: searched, of: photo, searchesAgain: true, note: console.note)
    guard !faces.isEmpty else { throw noFace(path) }
    return (photo, try photo.surroundings(of: faces.map { $0.landmarks }, searched: searched), faces)
  }

  /// Writes the faces of one photo.
  ///
  /// - Returns: how many.
  /// - Throws: where a file cannot be written; what is wrong with a face goes to `unusable`.
  private func write(
    _ faces: [DetectedFace], of photo: Photo, from surroundings: PhotoPart, _ finder: FaceFinder, as name: FilePath,
    to output: inout FaceFolder, unusable: (String) -> Void
  ) throws(FaceqError) -> Int {
    var written = 0
    for (index, face) in faces.enumerated() {
      if let objection = finder.objection(to: face, of: photo, figures: nil, quality: nil) {
        unusable("face \(index + 1) of \(photo.path): \(objection.explanation)")
        continue
      }
      let name = name.appending("-\(index + 1)")
      guard try !output.has(name.appending(".png")) else {
        unusable(
          "face \(index + 1) of \(photo.path): \(folder.appending(component: name.bytes)).png is there already, from another "
            + "run or of a photo with the same name, and is left as it is; name another folder with -o")
        continue
      }
      try output.write(try surroundings.aligned(face.landmarks), as: name.appending(".png"))
      // Seeded by nothing but the face's number: the same photos give the same files.
      var generator = SplitMix64(state: UInt64(index + 1))
      for variation in 0..<variations {
        let varied = try surroundings.aligned(face.landmarks, variation: FaceVariation(&generator))
        try output.write(varied, as: name.appending("-v\(digits(variation + 1)).png"))
      }
      written += 1
    }
    return written
  }

  private func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
