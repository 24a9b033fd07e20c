import FaceBank
import QuantRuntime

/// `enroll`: adds photos of a person to a bank.
public struct EnrollCommand<Storage: BankStorage>: Sendable {
  public var storage: Storage
  /// Made where it does not exist.
  public var bank: FilePath
  public var person: String
  /// Images, or folders that stand for the images in them; of each the largest face is taken.
  public var photos: [FilePath]
  public var model: FilePath
  public var aligned: Bool
  public var detection: DetectionOptions
  public var options: RunOptions

  public init(
    storage: Storage, bank: FilePath, person: String, photos: [FilePath], model: FilePath, aligned: Bool,
    detection: DetectionOptions, options: RunOptions
  ) {
    self.storage = storage
    self.bank = bank
    self.person = person
    self.photos = photos
    self.model = model
    self.aligned = aligned
    self.detection = detection
    self.options = options
  }

  /// - Throws: also where no photo could be used; the bank is then as it was.
  public func run(_ console: Console) throws(FaceqError) {
    try options.check()
    guard isPersonName(person) else {
      throw FaceqError("a person's name has 1 to 200 bytes and no control characters; choose another name")
    }
    let model = try openModel(model, console)
    let binding = BankBinding(model)
    try storage.binding(of: bank)?.check(binding, bank: bank)
    let session = try options.session(model)
    let loader = try FaceLoader(input: model.input, mustBeAligned: aligned, detection, options, console)
    let paths = try expandImagePaths(photos)
    var faces: [EnrolledFace] = []
    var progress = ProgressMeter(console, total: paths.count)
    for path in paths {
      do throws(FaceqError) {
        let face = EnrolledFace(
          person: person, photo: path.description, embedding: session.embed(try loader.pixels(path)))
        guard face.isOfUnitLength else {
          throw FaceqError(
            "\(model.path) has no embedding for \(path), only zeros or what is no number; import it again")
        }
        faces.append(face)
      } catch {
        guard paths.count > 1 else { throw error }
        console.note("skipped: \(error.message)")
      }
      progress.advance()
    }
    guard !faces.isEmpty else {
      throw FaceqError("none of the \(paths.count) photos could be used; \(bank) is as it was")
    }
    let added = try storage.add(faces, binding, to: bank)
    let known = faces.count > added ? ", \(faces.count - added) there already" : ""
    try console.print("\(bank): \(counted(added, "photo")) of \(person) added\(known)")
  }
}
