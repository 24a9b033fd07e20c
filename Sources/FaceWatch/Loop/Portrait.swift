internal import FaceImages

/// A face with what is around it, as far as it is among these pixels, at most 320 pixels wide and high.
func portrait(of face: DetectedFace, in pixels: PhotoPart) -> RGBImage {
  let image = pixels.image
  let box = pixels.shown(face).box
  let margin = box.size * 0.5
  func range(_ low: Float, _ high: Float, within count: Int) -> Range<Int> {
    let first = Int(min(max(low - margin, 0), Float(count - 1)))
    return first..<Int(min(max(high + margin, Float(first)), Float(count - 1))) + 1
  }
  let part = image.part(
    rows: range(box.top, box.bottom, within: image.height), columns: range(box.left, box.right, within: image.width))
  let largest = max(part.width, part.height)
  guard largest > 320 else { return part }
  let (width, height) = (max(part.width * 320 / largest, 1), max(part.height * 320 / largest, 1))
  return part.part(
    scaledWidth: width, scaledHeight: height, columns: 0..<width, rows: 0..<height, paddedWidth: width,
    paddedHeight: height)
}
