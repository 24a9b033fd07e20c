import FaceBank
import QuantRuntime
import SIMDKernels

/// A face with at least this cosine is identified, unless the user says otherwise.
let identifyingCosine: Float = 0.4

/// `identify`: who in a bank the faces in photos are.
public struct IdentifyCommand<Storage: BankStorage>: Sendable {
  public var storage: Storage
  public var bank: FilePath
  public var photos: ImageInputs
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
    storage: Storage, bank: FilePath, photos: ImageInputs, model: FilePath, threshold: Float?, json: Bool,
    aligned: Bool,
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
    let threshold = threshold ?? identifyingCosine
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
    var queue = try photos.open(console)

    var report = IdentificationReport(
      threshold: threshold, allFaces: allFaces, json: json, ResultText(console, isHeld: photos.isStrict))
    var skipped = SkippedImages(photos, total: queue.total, console)
    var progress = ProgressMeter(console, total: queue.total)
    while let path = try queue.next() {
      var faces: [FaceLoader.Face] = []
      do throws(FaceqError) {
        faces = try allFaces ? loader.allFaces(path) : [.init(number: 1, result: .pixels(loader.pixels(path)))]
        skipped.use()
      } catch {
        try skipped.skip(error)
      }
      for face in faces {
        guard case .pixels(let pixels) = face.result else { continue }
        try report.add(path, face: face.number, search.nearest(try session.embed(pixels)))
      }
      progress.advance()
    }
    progress.finish()
    try skipped.check()
    try report.finish()
    skipped.report()
  }
}
