import FaceqSupport
import QuantRuntime

extension BankBinding {
  /// What a file of a bank or a gallery says.
  package init(_ file: GGUFFile) throws(FaceqError) {
    let size = try file.unsigned(BankFileKey.embeddingSize)
    guard (1...1 << 20).contains(size) else {
      throw FaceqError("\(file.path) contradicts itself; copy the bank again or export it again")
    }
    self.init(
      modelName: try file.string(BankFileKey.modelName), digest: try file.string(BankFileKey.digest),
      precision: try file.string(BankFileKey.precision), embeddingSize: size)
    if let family = try file.stringIfPresent(BankFileKey.detectorFamily) {
      detector = DetectorIdentity(family: family, digest: try file.string(BankFileKey.detectorDigest))
    }
  }

  package func write(to writer: inout GGUFWriter) {
    writer.set(BankFileKey.modelName, .string(modelName))
    writer.set(BankFileKey.digest, .string(digest))
    writer.set(BankFileKey.precision, .string(precision))
    writer.set(BankFileKey.embeddingSize, .uint32(UInt32(embeddingSize)))
    if let detector {
      writer.set(BankFileKey.detectorFamily, .string(detector.family))
      writer.set(BankFileKey.detectorDigest, .string(detector.digest))
    }
  }
}
