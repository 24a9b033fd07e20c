/// Fills the border around a plane with one pixel's values, in the parts of the step that writes the plane's inside.
struct BorderFill {
  let plane: Plane
  /// The bytes of a pixel.
  let pixel: UnsafeRawPointer

  /// Fills the share of part `part` of `parts`.
  func run(part: Int, of parts: Int) {
    guard !plane.border.isEmpty else { return }
    let rows = plane.border.top + plane.height + plane.border.bottom
    for row in part * rows / parts..<(part + 1) * rows / parts {
      let isInside = row >= plane.border.top && row < plane.border.top + plane.height
      let place = plane.base + row * plane.rowBytes
      let width = plane.border.left + plane.width + plane.border.right
      if isInside {
        fill(place, pixels: 0..<plane.border.left)
        fill(place, pixels: plane.border.left + plane.width..<width)
      } else {
        fill(place, pixels: 0..<width)
      }
    }
  }

  private func fill(_ row: UnsafeMutableRawPointer, pixels: Range<Int>) {
    for column in pixels {
      // In Embedded Swift update(from:) would be a loop over values.
      (row + column * plane.pixelBytes).copyMemory(from: pixel, byteCount: plane.pixelBytes)
    }
  }
}
