import CSystem
import FaceImages
import QuantRuntime

/// `align`: the faces in photos as pictures of 112 × 112, ready for a model.
public struct AlignCommand: Sendable {
  /// Images, or folders that stand for the images in them.
  public var photos: [FilePath]
  /// The folder for the faces; made where it does not exist.
  public var folder: FilePath
  /// The five landmarks of the one face in the one photo, in pixels of its file; nothing is detected then.
  public var landmarks: [Point]?
  /// How many varied pictures of each face to write besides.
  public var variations: Int
  public var detection: DetectionOptions
  public var options: RunOptions

  public init(
    photos: [FilePath], folder: FilePath, landmarks: [Point]?, variations: Int, detection: DetectionOptions,
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
  public func run(_ console: Console) throws(FaceqError) {
    try options.check()
    try detection.check()
    guard (0...999).contains(variations) else {
      throw FaceqError("cannot make \(variations) variations of each face; choose 0 to 999")
    }
    let paths = try expandImagePaths(photos)
    if let landmarks, landmarks.count != 5 || paths.count != 1 {
      throw FaceqError("--landmarks takes five points, for one photo")
    }
    let finder = FaceFinder(detection, options)
    if landmarks == nil { try finder.openDetector() }
    try makeFolder()

    var written = 0
    var reasons: [String] = []
    var progress = ProgressMeter(console, total: paths.count)
    for path in paths {
      do {
        written += try align(path, finder) { reasons.append($0) }
      } catch {
        reasons.append(error.message)
      }
      progress.advance()
    }
    guard written > 0 || reasons.count != 1 else { throw FaceqError(reasons[0]) }
    for reason in reasons { console.note("skipped: \(reason)") }
    guard written > 0 else {
      throw FaceqError("no face in the \(counted(paths.count, "photo")) could be aligned; \(folder) is as it was")
    }
    try console.print(
      "\(folder): \(counted(written, "face")) of \(counted(paths.count, "photo"))"
        + (variations > 0 ? ", each with \(counted(variations, "variation"))" : ""))
  }

  /// Writes the faces of one photo.
  ///
  /// - Returns: how many.
  private func align(_ path: FilePath, _ finder: FaceFinder, unusable: (String) -> Void) throws(FaceqError) -> Int {
    // Stated landmarks are in pixels of the file.
    let image = try landmarks == nil ? FaceFinder.photo(path).image : readImage(path: path)
    var faces: [[Point]] = []
    if let landmarks {
      faces = [landmarks]
    } else {
      faces = try finder.faces(in: image, path: path).map { $0.landmarks }
    }
    guard !faces.isEmpty else { throw noFace(path) }
    var written = 0
    for (index, landmarks) in faces.enumerated() {
      if let fault = FaceFault(landmarks: landmarks, width: image.width, height: image.height) {
        unusable("face \(index + 1) of \(path): \(fault.explanation)")
        continue
      }
      let name = folder.appending(component: path.stem).appending("-\(index + 1)")
      try writeNew(try alignFace(image, landmarks: landmarks), to: name.appending(".png"))
      // Seeded by nothing but the face's number: the same photos give the same files.
      var generator = SplitMix64(state: UInt64(index + 1))
      for variation in 0..<variations {
        let varied = try alignFace(image, landmarks: landmarks, variation: FaceVariation(&generator))
        try writeNew(varied, to: name.appending("-v\(digits(variation + 1)).png"))
      }
      written += 1
    }
    return written
  }

  private func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private func writeNew(_ image: RGBImage, to path: FilePath) throws(FaceqError) {
    guard !fileExists(path) else {
      throw FaceqError("\(path) is there already and is left as it is; name another folder with -o")
    }
    try writePNG(image, to: path)
  }

  private func makeFolder() throws(FaceqError) {
    guard folder.withCString({ mkdir($0, 0o777) }) != 0, system_errno() != system_exists else { return }
    throw FaceqError("cannot make the folder \(folder): \(systemReason(system_errno()))")
  }
}
