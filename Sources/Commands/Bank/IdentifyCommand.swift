import FaceBank
import QuantRuntime
import SIMDKernels

/// `identify`: who in a bank the faces in photos are.
public struct IdentifyCommand<Storage: BankStorage>: Sendable {
  public var storage: Storage
  public var bank: FilePath
  /// Images, or folders that stand for the images in them.
  public var photos: [FilePath]
  public var model: FilePath
  /// A face whose cosine with everyone is below is of an unknown person; nil takes 0.4.
  public var threshold: Float?
  public var json: Bool
  public var aligned: Bool
  /// Of photos all faces, not the largest only.
  public var allFaces: Bool
  public var detection: DetectionOptions
  public var options: RunOptions

  public init(
    storage: Storage, bank: FilePath, photos: [FilePath], model: FilePath, threshold: Float?, json: Bool, aligned: Bool,
    allFaces: Bool, detection: DetectionOptions, options: RunOptions
  ) {
    self.storage = storage
    self.bank = bank
    self.photos = photos
    self.model = model
    self.threshold = threshold
    self.json = json
    self.aligned = aligned
    self.allFaces = allFaces
    self.detection = detection
    self.options = options
  }

  /// - Throws: also where no photo could be used. That a person is unknown is an answer, not an error.
  public func run(_ console: Console) throws(FaceqError) {
    try options.check()
    let threshold = threshold ?? 0.4
    guard (-1...1).contains(threshold) else {
      throw FaceqError("no cosine can be as --threshold says; choose a number from -1 to 1, 0.4 for instance")
    }
    let contents = try storage.existingBank(at: bank)
    guard !contents.faces.isEmpty else { throw FaceqError("nobody is in \(bank); enroll someone first") }
    let model = try openModel(model, console)
    try contents.binding.check(BankBinding(model), bank: bank)
    let session = try options.session(model)
    let search = PersonSearch(contents, kernels: try kernels(options.isa))
    let loader = try FaceLoader(input: model.input, mustBeAligned: aligned, detection, options, console)
    let paths = try expandImagePaths(photos)

    var report = IdentificationReport(threshold: threshold)
    var progress = ProgressMeter(console, total: paths.count)
    for path in paths {
      do {
        if allFaces {
          for face in try loader.allFaces(path) {
            report.add(path, face: face.number, search.nearest(session.embed(face.pixels)))
          }
        } else {
          report.add(path, face: 1, search.nearest(session.embed(try loader.pixels(path))))
        }
      } catch {
        guard paths.count > 1 else { throw error }
        console.note("skipped: \(error.message)")
      }
      progress.advance()
    }
    guard !report.isEmpty else { throw FaceqError("none of the \(paths.count) photos could be used") }
    try console.print(json ? report.json() : report.text(allFaces: allFaces))
  }
}
