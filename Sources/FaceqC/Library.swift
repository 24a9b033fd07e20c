import CFaceq
import FaceqKit
import FaceqSupport

/// Never changed.
nonisolated(unsafe) private let versionText = CText(faceqVersion)

@c @implementation
public func faceq_version() -> UnsafePointer<CChar>? { UnsafePointer(versionText.pointer) }

@c @implementation
public func faceq_instruction_sets(_ names: UnsafeMutablePointer<CChar>?, _ capacity: Int) -> Int {
  let text = FaceEmbedder.availableInstructionSets.joined(separator: " ")
  if let names, capacity > 0 { text.copy(to: names, capacity: capacity) }
  return text.utf8.count
}

@c @implementation
public func faceq_compare(
  _ a: UnsafePointer<Float>?, _ b: UnsafePointer<Float>?, _ size: Int, _ cosine: UnsafeMutablePointer<Float>?
) -> faceq_status {
  guard let a, let b, let cosine, size > 0, size <= largestEmbedding else { return FACEQ_INVALID_ARGUMENT }
  do throws(FaceError) {
    cosine.pointee = try FaceEmbedder.compare(
      Array(UnsafeBufferPointer(start: a, count: size)), Array(UnsafeBufferPointer(start: b, count: size)))
    return FACEQ_OK
  } catch {
    return error.status
  }
}

/// No embedding has more components.
let largestEmbedding = 1 << 20
