package import FaceImages

/// What a source gives as one frame.
package enum FramePicture: Sendable {
  /// The bytes of a JPEG file, not decoded yet.
  case jpeg([UInt8])
  case pixels(RGBImage)
}
