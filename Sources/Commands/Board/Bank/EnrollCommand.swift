import FaceBank
import FaceImages
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// `enroll`: adds photos of people to a bank.
package struct EnrollCommand<Storage: BankStorage>: Sendable {
  package enum People: Sendable {
    /// All photos are of one person; of each the largest face is taken.
    case one(PersonName, ImageInputs)
    /// A folder with a subfolder for each person, which has the person's name.
    case folder(FilePath, isStrict: Bool)
  }

  package var storage: Storage
  /// The bank to add to, which is made where it does not exist.
  package var bank: FilePath
  package var people: People
  /// The model; nil takes the one for trying.
  package var model: FilePath?
  /// Whether the bank keeps each aligned face as a picture, besides its embedding.
  package var keepsPictures: Bool
  package var options: FaceOptions

  package init(
    storage: Storage, bank: FilePath, people: People, model: FilePath?, keepsPictures: Bool, options: FaceOptions
  ) {
    self.storage = storage
    self.bank = bank
    self.people = people
    self.model = model
    self.keepsPictures = keepsPictures
    self.options = options
  }

  /// - Throws: also where no photo could be used; the bank is then as it was.
  package func run(_ console: Console) throws(FaceqError) {
    try options.run.check()
    let model = try openModel(chosenModel(model, console), console)
    var binding = BankBinding(model)
    let stored = try storage.binding(of: bank)
    try stored?.check(binding, bank: bank)
    let session = try options.run.session(model)
    let reader = try FaceReader(model, options, console)
    reader.objectionToDetector = { [bank] in otherDetectorWarning(stored, $0, bank: bank) }
    let faces: [EnrolledFace]
    switch people {
    case .one(let person, let photos):
      var queue = try photos.open(console)
      var skipped = SkippedImages(photos, total: queue.total, console)
      var progress = ProgressMeter(console, total: queue.total)
      var found: [EnrolledFace] = []
      while let path = try queue.next() {
        try add(path, of: person, to: &found, &skipped, reader, session)
        progress.advance()
      }
      progress.finish()
      faces = try finish(found, skipped)
    case .folder(let folder, let isStrict):
      let photos = try PeopleFolder(folder, isStrict: isStrict, console)
      var skipped = SkippedImages(ImageInputs([folder], isStrict: isStrict), total: nil, console)
      for stray in photos.strays {
        try skipped.skip(FaceqError("\(stray) is in no person's folder; move it into one"))
      }
      var progress = ProgressMeter(console, total: photos.count)
      var found: [EnrolledFace] = []
      for person in photos.people {
        for path in person.photos {
          try add(path, of: person.name, to: &found, &skipped, reader, session)
          progress.advance()
        }
      }
      progress.finish()
      faces = try finish(found, skipped)
    }
    binding.detector = reader.detector
    try enroll(faces, binding, console)
  }

  private func add(
    _ path: FilePath, of person: PersonName, to faces: inout [EnrolledFace], _ skipped: inout SkippedImages,
    _ reader: FaceReader, _ session: EmbeddingSession
  ) throws(FaceqError) {
    do throws(FaceqError) {
      let pixels = try reader.pixels(path)
      var face = EnrolledFace(person: person, photo: path.description, embedding: try session.embed(pixels))
      if keepsPictures { face.picture = try enrolledPicture(pixels, reader.input) }
      faces.append(face)
      skipped.use()
    } catch {
      try skipped.skip(error)
    }
  }

  private func finish(_ faces: [EnrolledFace], _ skipped: SkippedImages) throws(FaceqError) -> [EnrolledFace] {
    guard !faces.isEmpty else {
      throw FaceqError("none of the \(counted(skipped.count, "photo")) could be used; \(bank) is as it was")
    }
    skipped.report()
    return faces
  }

  private func enroll(_ faces: [EnrolledFace], _ binding: BankBinding, _ console: Console) throws(FaceqError) {
    let added = try storage.add(faces, binding, to: bank).added
    let known = faces.count > added ? ", \(faces.count - added) there already" : ""
    let people = Set(faces.map { $0.person })
    let whose = people.count == 1 ? "\(faces[0].person)" : "\(people.count) people"
    try console.print("\(bank): \(counted(added, "photo")) of \(whose) added\(known)")
    let doubts = EnrollmentDoubts(faces, in: try storage.existingBank(at: bank), kernels: try options.run.kernels())
    for line in doubts.lines(limit: 20) { console.note("warning: \(line)") }
  }
}
