import FaceqSupport
import QuantRuntime

/// The sizes of pictures that `640x360,1280x720` names, columns before rows.
///
/// - Throws: where the text names none, or one that is impossible.
func pictureSizes(_ text: String) throws(FaceqError) -> [Size] {
  var sizes: [Size] = []
  for word in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
    let numbers = word.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false).map {
      Int(String(decoding: $0, as: UTF8.self))
    }
    guard numbers.count == 2, let width = numbers[0], let height = numbers[1], (16...10_000).contains(width),
      (16...10_000).contains(height)
    else {
      throw FaceqError(
        "no picture can have the size \(text); write its columns and rows, from 16 to 10000, as in 640x360,1280x720")
    }
    sizes.append(Size(height, width))
  }
  return sizes
}
