import FaceBank
import FaceqKit
import FaceqSupport
import QuantRuntime
import TestSupport
import Testing

@Suite(.enabled(if: canDetect, Comment(rawValue: detectingNeeds)))
struct BankDetectorTests {
  let models: Models

  init() throws { models = try Models.shared.get() }

  @Test func banksRecordTheDetectorOnce() throws {
    let (model, detector) = (try FaceModel(path: models.model), try FaceModel(path: models.detector))
    let path = models.folder("found.bank")
    func recorded() throws -> DetectorIdentity? { try BankFile().bank(at: FilePath(path))?.binding.detector }
    try FaceqKit.FaceBank(path: path, model: model).save()
    #expect(try recorded() == nil)
    try FaceqKit.FaceBank(path: path, model: model, detector: detector).save()
    let identity = try DetectorFile(path: FilePath(models.detector)).identity
    #expect(try recorded() == identity)
    #expect(identity.digest == detector.digest)
    #expect(try FaceqKit.FaceBank(path: path, model: model).detectorDigest == detector.digest)
    #expect(try FaceqKit.FaceBank(path: models.folder("none.bank"), model: model).detectorDigest == nil)
    try FaceqKit.FaceBank(path: path, model: model).save()
    #expect(try recorded() == identity)
  }
}
