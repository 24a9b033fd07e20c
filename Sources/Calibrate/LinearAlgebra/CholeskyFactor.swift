/// `H = L·Lᵀ`, in blocks of columns.
///
/// L takes the place of H's lower triangle; the strictly upper one keeps H, and `diagonal` its diagonal.
final class CholeskyFactor {
  static let block = 64
  let size: Int
  let matrix: FloatMatrix
  let diagonal: [Float]
  private let kernels: MatrixKernels

  /// - Parameter matrix: symmetric, both triangles filled in, its size a multiple of 16; becomes the factor's.
  /// - Returns: nil where the matrix is not positive definite; it is then half overwritten.
  init?(_ matrix: FloatMatrix, _ kernels: MatrixKernels) {
    self.matrix = matrix
    self.kernels = kernels
    size = matrix.rows
    diagonal = (0..<matrix.rows).map { matrix[$0, $0] }
    let packed = PackedColumns(capacity: size * Self.block)
    for start in stride(from: 0, to: size, by: Self.block) {
      let width = min(Self.block, size - start)
      subtractProducts(start, width, packed)
      guard factorDiagonalBlock(start, width) else { return nil }
      solvePanel(start, width)
    }
  }

  /// From the columns of a block, what those before it have already explained.
  private func subtractProducts(_ start: Int, _ width: Int, _ packed: PackedColumns) {
    guard start > 0 else { return }
    packRows(start, width, inner: start, packed)
    let rows = size - start
    kernels.loop.run(parts: partCount(rows, of: 96)) { part in
      let range = partRange(part, of: 96, in: rows)
      let product = FloatMatrix(rows: range.count, columns: width)
      kernels.multiply(
        rows: matrix.row(start + range.lowerBound), rowStride: size, count: range.count, inner: start,
        columns: packed.base, blocks: width / 16, into: product.base, outputStride: width)
      for row in 0..<range.count {
        let target = matrix.row(start + range.lowerBound + row) + start
        // The strictly upper triangle keeps H.
        let columns = min(width, range.lowerBound + row + 1)
        for column in 0..<columns { target[column] -= product[row, column] }
      }
    }
  }

  /// Rows of the factor as the columns of a product over its first `inner` columns.
  private func packRows(_ start: Int, _ width: Int, inner: Int, _ packed: PackedColumns) {
    kernels.loop.run(parts: width / 16) { block in
      for lane in 0..<16 {
        let source = matrix.row(start + block * 16 + lane)
        let target = packed.base + block * inner * 16 + lane
        for index in 0..<inner { target[index * 16] = source[index] }
      }
    }
  }

  private func factorDiagonalBlock(_ start: Int, _ width: Int) -> Bool {
    for column in start..<start + width {
      let pivotRow = matrix.row(column)
      var pivot = Double(pivotRow[column])
      for index in start..<column { pivot -= Double(pivotRow[index]) * Double(pivotRow[index]) }
      guard pivot > 0, pivot.isFinite else { return false }
      let root = pivot.squareRoot()
      pivotRow[column] = Float(root)
      for row in column + 1..<max(start + width, column + 1) {
        let other = matrix.row(row)
        var sum = Double(other[column])
        for index in start..<column { sum -= Double(other[index]) * Double(pivotRow[index]) }
        other[column] = Float(sum / root)
      }
    }
    return true
  }

  private func solvePanel(_ start: Int, _ width: Int) {
    let below = start + width
    // Column-wise, so that the inner loop runs over consecutive values.
    let columns = FloatMatrix(rows: width, columns: width)
    for row in 0..<width { for column in 0...row { columns[column, row] = matrix[start + row, start + column] } }
    kernels.loop.run(parts: partCount(size - below, of: 64)) { part in
      for row in partRange(part, of: 64, in: size - below) {
        let values = matrix.row(below + row) + start
        for column in 0..<width {
          let factors = columns.row(column)
          let value = values[column] / factors[column]
          values[column] = value
          for index in column + 1..<max(width, column + 1) { values[index] -= value * factors[index] }
        }
      }
    }
  }

  /// The part of L below and right of `start`, `width` columns of it, as the columns of a product over the rows from
  /// `start + width` on.
  func packBelow(_ start: Int, _ width: Int, _ packed: PackedColumns) {
    let (first, inner) = (start + width, size - start - width)
    kernels.loop.run(parts: width / 16) { block in
      let target = packed.base + block * inner * 16
      for index in 0..<inner {
        (target + index * 16).update(from: matrix.row(first + index) + start + block * 16, count: 16)
      }
    }
  }

  /// Columns of H as the columns of a product over all its rows.
  func packOriginal(_ start: Int, _ width: Int, _ packed: PackedColumns) {
    kernels.loop.run(parts: width / 16) { block in
      let target = packed.base + block * size * 16
      for lane in 0..<16 {
        let column = start + block * 16 + lane
        for index in 0..<size { target[index * 16 + lane] = original(index, column) }
      }
    }
  }

  /// H, from what the factor left of it.
  func original(_ row: Int, _ column: Int) -> Float {
    if row == column { return diagonal[row] }
    return row < column ? matrix[row, column] : matrix[column, row]
  }

  /// Solves `X·H = B` for rows of X; `rows`, [row][size], hold B and become X.
  func solve(_ rows: FloatMatrix) {
    let packed = PackedColumns(capacity: size * Self.block)
    let starts = Array(stride(from: 0, to: size, by: Self.block))
    // X·L·Lᵀ = B: first Z·Lᵀ = B, left to right …
    for start in starts {
      let width = min(Self.block, size - start)
      if start > 0 { packRows(start, width, inner: start, packed) }
      forEachRowPart(rows) { range in
        if start > 0 {
          subtract(rows, range, from: 0, inner: start, packed, start, width)
        }
        for row in range {
          let values = rows.row(row) + start
          for column in 0..<width {
            let factors = matrix.row(start + column) + start
            var sum = values[column]
            for index in 0..<column { sum -= values[index] * factors[index] }
            values[column] = sum / factors[column]
          }
        }
      }
    }
    // … then X·L = Z, right to left.
    for start in starts.reversed() {
      let width = min(Self.block, size - start)
      let inner = size - start - width
      if inner > 0 { packBelow(start, width, packed) }
      forEachRowPart(rows) { range in
        if inner > 0 { subtract(rows, range, from: start + width, inner: inner, packed, start, width) }
        for row in range {
          let values = rows.row(row) + start
          for column in (0..<width).reversed() {
            let factors = matrix.row(start + column) + start
            let value = values[column] / factors[column]
            values[column] = value
            for index in 0..<column { values[index] -= value * factors[index] }
          }
        }
      }
    }
  }

  private func forEachRowPart(_ rows: FloatMatrix, _ body: (Range<Int>) -> Void) {
    kernels.loop.run(parts: partCount(rows.rows, of: 48)) { body(partRange($0, of: 48, in: rows.rows)) }
  }

  private func subtract(
    _ rows: FloatMatrix, _ range: Range<Int>, from first: Int, inner: Int, _ packed: PackedColumns, _ start: Int,
    _ width: Int
  ) {
    let product = FloatMatrix(rows: range.count, columns: width)
    kernels.multiply(
      rows: rows.row(range.lowerBound) + first, rowStride: size, count: range.count, inner: inner, columns: packed.base,
      blocks: width / 16, into: product.base, outputStride: width)
    for row in 0..<range.count {
      let target = rows.row(range.lowerBound + row) + start
      for column in 0..<width { target[column] -= product[row, column] }
    }
  }
}
