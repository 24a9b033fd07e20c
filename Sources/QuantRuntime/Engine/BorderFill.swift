/// Fills the border around a plane with one pixel's values, in the parts of the step that writes the plane's inside.
struct BorderFill<Element> {
  let plane: Plane<Element>
  /// As many values as the plane has channels.
  let pixel: UnsafePointer<Element>

  /// Fills the share of part `part` of `parts`.
  func run(part: Int, of parts: Int) {
    guard plane.padding > 0 else { return }
    let rows = plane.height + 2 * plane.padding
    plane.forEachBorderPixel(rows: part * rows / parts..<(part + 1) * rows / parts) {
      // In Embedded Swift update(from:) would be a loop over values.
      UnsafeMutableRawPointer($0).copyMemory(from: pixel, byteCount: plane.channels * MemoryLayout<Element>.stride)
    }
  }
}
