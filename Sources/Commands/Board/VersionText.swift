import FaceqSupport
import QuantRuntime
import SIMDKernels

/// What `--version` prints: `0.2.0 (revision 0a1b2c3d4e5f; instruction sets portable, avx2, vnni)`, the instruction sets
/// being those that this machine and this program have.
package func versionText() -> String {
  let names = availableInstructionSets().map { $0.rawValue }
  return "\(faceqVersion) (revision \(sourceRevision()); instruction sets \(names.joined(separator: ", ")))"
}
