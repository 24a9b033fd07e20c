import FaceBank
import FaceqSupport
import QuantRuntime

/// What to say where the faces of a bank were found with another detector than `detector`: its landmarks are a little
/// elsewhere, and so the embeddings of one face differ.
///
/// - Parameter binding: the bank's; nil where there is none yet.
/// - Returns: nil where the detector is the same, or the bank's is not known.
package func otherDetectorWarning(_ binding: BankBinding?, _ detector: DetectorIdentity, bank: FilePath) -> String? {
  guard let recorded = binding?.detector, recorded != detector else { return nil }
  return
    "warning: the faces in \(bank) were found by \(detectorText(recorded)), and this is \(detectorText(detector)); "
    + "cosines between faces of two detectors are smaller, so use that detector, or enrol the photos into a new bank"
}

/// `yunet (digest 0a1b…)`.
func detectorText(_ detector: DetectorIdentity) -> String { "\(detector.family) (digest \(detector.digest))" }
