import FaceBank
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// `identify`: who in a bank the faces in photos are.
package struct IdentifyCommand<Storage: BankStorage>: Sendable {
  package var storage: Storage
  package var bank: FilePath
  package var photos: ImageInputs
  /// The model; nil takes the one for trying.
  package var model: FilePath?
  /// The smallest cosine that identifies a person; nil takes 0.4.
  package var threshold: Float?
  package var json: Bool
  /// Whether all faces of each photo are identified, not only the largest one.
  package var allFaces: Bool
  package var options: FaceOptions

  package init(
    storage: Storage, bank: FilePath, photos: ImageInputs, model: FilePath?, threshold: Float?, json: Bool,
    allFaces: Bool, options: FaceOptions
  ) {
    self.storage = storage
    self.bank = bank
    self.photos = photos
    self.model = model
    self.threshold = threshold
    self.json = json
    self.allFaces = allFaces
    self.options = options
  }

  /// - Throws: also where no photo could be used. That a person is unknown is an answer, not an error.
  package func run(_ console: Console) throws(FaceqError) {
    try options.run.check()
    let threshold = threshold ?? PersonSearch.identifyingCosine
    guard (-1...1).contains(threshold) else {
      throw FaceqError("no cosine can be as --threshold says; choose a number from -1 to 1, 0.4 for instance")
    }
    let people = try storage.people(at: bank, kernels: try options.run.kernels())
    let (binding, search) = (people.binding, people.search)
    let model = try openModel(chosenModel(model, console), console)
    try binding.check(BankBinding(model), bank: bank)
    let session = try options.run.session(model)
    let reader = try FaceReader(model, options, console)
    reader.objectionToDetector = { [bank] in otherDetectorWarning(binding, $0, bank: bank) }
    var queue = try photos.open(console)

    var report = IdentificationReport(
      threshold: threshold, allFaces: allFaces, json: json, ResultText(console, isHeld: photos.isStrict))
    var skipped = SkippedImages(photos, total: queue.total, console)
    var progress = ProgressMeter(console, total: queue.total)
    while let path = try queue.next() {
      var faces: [EmbeddedFace] = []
      do throws(FaceqError) {
        faces = try reader.embeddings(path, by: session, allFaces: allFaces)
        skipped.use()
      } catch {
        try skipped.skip(error)
      }
      for face in faces {
        guard case .embedding(let embedding) = face.result else { continue }
        try report.add(path, face: face.number, search.nearest(embedding))
      }
      progress.advance()
    }
    progress.finish()
    try skipped.check()
    try report.finish()
    skipped.report()
  }
}
