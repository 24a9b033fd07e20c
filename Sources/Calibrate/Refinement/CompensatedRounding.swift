import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Rounds weights so that each one's error is made up for by those that are rounded after it.
///
/// The error of a row of weights w that become integers times a step, e = w − q·t, costs eᵀ·H·e with H the second
/// moments of what they are multiplied with. With H = L·Lᵀ that is Σⱼ (Lⱼⱼ·eⱼ + Σₖ₍ₖ₎ⱼ₎ Lₖⱼ·eₖ)²: from the last column
/// to the first, each q is the integer that makes its term smallest (GPTQ, Frantar et al. 2022; Babai's nearest plane).
/// Then single integers are changed for as long as that lowers the whole cost (coordinate descent).
struct CompensatedRounding {
  private let factor: CholeskyFactor
  private let kernels: MatrixKernels
  private let sweeps: Int

  /// - Parameter sweeps: the number of sweeps of coordinate descent over all columns.
  init(_ factor: CholeskyFactor, _ kernels: MatrixKernels, sweeps: Int = 4) {
    self.factor = factor
    self.kernels = kernels
    self.sweeps = sweeps
  }

  /// Integers of magnitude up to 127, with the best of several steps for each row.
  ///
  /// - Parameters:
  ///   - targets: [row][column], as many columns as H has.
  ///   - smallestSteps: for each row.
  func round(_ targets: FloatMatrix, smallestSteps: [Float]) -> RoundedRows {
    let largest = (0..<targets.rows).map { row in
      (0..<targets.columns).reduce(Float(0)) { max($0, abs(targets[row, $1])) }
    }
    var search = StepSearch(largest: largest, smallestSteps: smallestSteps)
    addCosts(of: targets, to: &search)
    return round(targets, steps: search.best)
  }

  /// What each row costs at each of the steps, before any descent.
  func addCosts(of targets: FloatMatrix, to search: inout StepSearch) {
    let errors = FloatMatrix(rows: targets.rows, columns: targets.columns)
    for (index, steps) in search.candidates.enumerated() {
      search.add(nearestPlane(targets, steps, errors), candidate: index)
    }
  }

  /// Rounds rows with the steps given.
  func round(_ targets: FloatMatrix, steps: [Float]) -> RoundedRows {
    let errors = FloatMatrix(rows: targets.rows, columns: targets.columns)
    _ = nearestPlane(targets, steps, errors)
    for _ in 0..<sweeps { descend(targets, steps, errors) }
    return RoundedRows(targets: targets, errors: errors, steps: steps)
  }

  private func forEachBlock(reversed: Bool, _ body: (_ start: Int, _ width: Int) -> Void) {
    let starts = Array(stride(from: 0, to: factor.size, by: CholeskyFactor.block))
    for start in reversed ? starts.reversed() : starts { body(start, min(CholeskyFactor.block, factor.size - start)) }
  }

  /// - Returns: each row's cost; `errors` becomes w − q·t.
  private func nearestPlane(_ targets: FloatMatrix, _ steps: [Float], _ errors: FloatMatrix) -> [Double] {
    let packed = PackedColumns(capacity: factor.size * CholeskyFactor.block)
    let costs = FloatMatrix(rows: 1, columns: targets.rows)
    forEachBlock(reversed: true) { start, width in
      let inner = factor.size - start - width
      if inner > 0 { factor.packBelow(start, width, packed) }
      kernels.loop.run(parts: partCount(targets.rows, of: 48)) { part in
        let rows = partRange(part, of: 48, in: targets.rows)
        let sums = FloatMatrix(rows: rows.count, columns: width)
        if inner > 0 {
          kernels.multiply(
            rows: errors.row(rows.lowerBound) + start + width, rowStride: factor.size, count: rows.count, inner: inner,
            columns: packed.base, blocks: width / 16, into: sums.base, outputStride: width)
        }
        for row in rows where steps[row] > 0 {
          let (weights, error) = (targets.row(row) + start, errors.row(row) + start)
          let sum = sums.row(row - rows.lowerBound)
          let step = steps[row]
          var cost: Float = 0
          for column in (0..<width).reversed() {
            let factors = factor.matrix.row(start + column) + start
            let wanted = weights[column] + sum[column] / factors[column]
            let rounded = clampedInteger(wanted / step) * step
            let term = (wanted - rounded) * factors[column]
            cost += term * term
            let made = weights[column] - rounded
            error[column] = made
            for index in 0..<column { sum[index] += factors[index] * made }
          }
          costs[0, row] += cost
        }
      }
    }
    return (0..<targets.rows).map { Double(costs[0, $0]) }
  }

  /// One sweep: every integer in turn becomes the best one while all others stay.
  private func descend(_ targets: FloatMatrix, _ steps: [Float], _ errors: FloatMatrix) {
    let packed = PackedColumns(capacity: factor.size * CholeskyFactor.block)
    forEachBlock(reversed: false) { start, width in
      factor.packOriginal(start, width, packed)
      let moments = FloatMatrix(rows: width, columns: width)
      for row in 0..<width {
        for column in 0..<width { moments[row, column] = factor.original(start + row, start + column) }
      }
      kernels.loop.run(parts: partCount(targets.rows, of: 48)) { part in
        let rows = partRange(part, of: 48, in: targets.rows)
        let gradients = FloatMatrix(rows: rows.count, columns: width)
        kernels.multiply(
          rows: errors.row(rows.lowerBound), rowStride: factor.size, count: rows.count, inner: factor.size,
          columns: packed.base, blocks: width / 16, into: gradients.base, outputStride: width)
        for row in rows where steps[row] > 0 {
          let (weights, error) = (targets.row(row) + start, errors.row(row) + start)
          let gradient = gradients.row(row - rows.lowerBound)
          let step = steps[row]
          for column in 0..<width {
            let best = error[column] - gradient[column] / moments[column, column]
            let rounded = clampedInteger((weights[column] - best) / step)
            let now = ((weights[column] - error[column]) / step).rounded(.toNearestOrEven)
            guard rounded != now else { continue }
            let made = weights[column] - rounded * step
            let change = made - error[column]
            error[column] = made
            let row = moments.row(column)
            for index in 0..<width { gradient[index] += change * row[index] }
          }
        }
      }
    }
  }
}

/// The nearest integer of magnitude up to 127.
private func clampedInteger(_ value: Float) -> Float { min(max(value.rounded(.toNearestOrEven), -127), 127) }

/// Rows of weights as integers times a step.
struct RoundedRows {
  let targets: FloatMatrix
  /// What is left: targets − integers · step.
  let errors: FloatMatrix
  let steps: [Float]

  /// The first `count` integers of one row.
  func values(_ row: Int, count: Int) -> [Int8] {
    guard steps[row] > 0 else { return [Int8](repeating: 0, count: count) }
    return (0..<count).map { Int8(clampedInteger((targets[row, $0] - errors[row, $0]) / steps[row])) }
  }
}

/// Rounds rows of weights to integers of magnitude up to 127 times a step for each row, so that `eᵀ·H·e` is small for
/// what is left of each row, `e = row − integers · step` (see `CompensatedRounding`).
///
/// - Parameters:
///   - rows: as long as each other.
///   - moments: H, symmetric: the second moments of what the weights are multiplied with.
///   - damping: this much of the mean of H's diagonal is added to it.
/// - Throws: where the system refuses a thread.
package func roundWithCompensation(
  _ rows: [[Float]], moments: [[Float]], damping: Float, kernels: KernelTable, threads: ThreadPlan
) throws(FaceqError) -> (values: [[Int8]], steps: [Float]) {
  let size = paddedChannels(moments.count)
  let matrices = MatrixKernels(kernels, try ParallelLoop(threads), columns: size)
  let matrix = FloatMatrix(rows: size, columns: size)
  for (row, values) in moments.enumerated() {
    for (column, value) in values.enumerated() { matrix[row, column] = value }
  }
  let targets = FloatMatrix(rows: rows.count, columns: size)
  for (row, values) in rows.enumerated() { for (column, value) in values.enumerated() { targets[row, column] = value } }
  let rounded = CompensatedRounding(dampedFactor(matrix, damping, matrices), matrices).round(
    targets, smallestSteps: [Float](repeating: 0, count: rows.count))
  return (rows.indices.map { rounded.values($0, count: moments.count) }, rounded.steps)
}
