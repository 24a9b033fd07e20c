/// A row-major matrix of floats, aligned to 64 bytes, zero at first; kernels may read 64 bytes behind it.
final class FloatMatrix {
  let rows: Int
  let columns: Int
  let base: UnsafeMutablePointer<Float>

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    let count = rows * columns + 16
    base = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
      .initializeMemory(as: Float.self, repeating: 0, count: count)
  }

  deinit { base.deallocate() }

  subscript(row: Int, column: Int) -> Float {
    get { base[row * columns + column] }
    set { base[row * columns + column] = newValue }
  }

  func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * columns }
}
