import FaceBank
import FaceImages
import FaceqSupport
import QuantRuntime

/// What a bank keeps of an aligned face for people to look at.
///
/// - Parameter pixels: RGB [row][column][3], of the size of `format`.
package func enrolledPicture(_ pixels: [UInt8], _ format: ImageFormat) throws(FaceqError) -> EnrolledPicture? {
  let image = RGBImage(width: format.width, height: format.height, pixels: pixels)
  return EnrolledPicture(jpeg: try encodeJPEG(image, quality: 90))
}
