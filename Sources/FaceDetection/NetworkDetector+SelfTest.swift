internal import FaceImages
package import FaceqSupport
internal import QuantRuntime

extension NetworkDetector {
  /// Everything that the network hands out for the pattern of self-tests at 128 × 128, one output behind the other.
  package func selfTest() throws(FaceqError) -> [Float] {
    let side = roundedUp(128, to: rule.multiple)
    let picture = RGBImage(width: side, height: side, pixels: selfTestPattern(height: side, width: side))
    return try outputs(for: picture).flatMap { $0.all }
  }
}
