import SIMDKernels

/// The most that Winograd's sums in float may differ from the exact ones.
///
/// Each rounding on the way to an output is at most 2⁻²⁴ of what it rounds, and what it rounds contributes to the
/// output at most as much as if nothing ever cancelled: M = |Aᵀ| · Σ (|G| |g| |Gᵀ| ∘ |Bᵀ| |d| |B|) · |A|, summed over
/// the channels (Barabasz, Anderson, Soodhalter and Gregg, Error Analysis and Improving the Accuracy of Winograd
/// Convolution, 2020). On the longest path there are 2 · 2 roundings in G, 2 · 3 in Bᵀ, as many as there are channels
/// in products and sums, and 2 · 5 in Aᵀ, those of its constants counted.
enum FloatWinogradBound {
  static let transformRoundings = 20

  /// The M of each output, [row][column][channel].
  static func magnitudes(_ input: [Float], _ weights: [Float], _ shape: ConvolutionShape) -> [Double] {
    var magnitudes = [Double](repeating: 0, count: shape.pixels * shape.outputChannels)
    for output in 0..<shape.outputChannels {
      let kernels = (0..<shape.inputChannels).map { channel in
        transform(
          (0..<3).map { row in
            (0..<3).map { column in
              abs(Double(weights[((output * 3 + row) * 3 + column) * shape.inputChannels + channel]))
            }
          }, g, g)
      }
      for (row, rows) in tiles(shape.height) {
        for (column, columns) in tiles(shape.width) {
          var products = [[Double]](repeating: [Double](repeating: 0, count: 6), count: 6)
          for channel in 0..<shape.inputChannels {
            let window = transform(
              (0..<6).map { windowRow in
                (0..<6).map { windowColumn in
                  let (y, x) = (row + windowRow, column + windowColumn)
                  guard y < shape.inputHeight, x < shape.inputWidth else { return 0 }
                  return abs(Double(input[(y * shape.inputWidth + x) * shape.inputChannels + channel]))
                }
              }, rows == 4 ? b : narrowB, columns == 4 ? b : narrowB)
            for y in 0..<6 { for x in 0..<6 { products[y][x] += window[y][x] * kernels[channel][y][x] } }
          }
          let outputs = transform(products, rows == 4 ? a : narrowA, columns == 4 ? a : narrowA)
          for y in 0..<min(rows, shape.height - row) {
            for x in 0..<min(columns, shape.width - column) {
              magnitudes[((row + y) * shape.width + column + x) * shape.outputChannels + output] =
                outputs[y][x] / (24 * 24)
            }
          }
        }
      }
    }
    return magnitudes
  }

  /// The starts of the tiles along one side, and the number of outputs that each computes.
  private static func tiles(_ outputs: Int) -> [(start: Int, outputs: Int)] {
    let tiling = WinogradTiling(outputs: outputs)
    return (0..<tiling.count).map { ($0 * 3 + min($0, tiling.wholeTiles), $0 < tiling.wholeTiles ? 4 : 3) }
  }

  /// Computes `down` · values · `across`ᵀ.
  private static func transform(_ values: [[Double]], _ down: [[Double]], _ across: [[Double]]) -> [[Double]] {
    down.map { row in
      let mixed = (0..<values[0].count).map { column in
        (0..<row.count).reduce(0) { $0 + row[$1] * values[$1][column] }
      }
      return across.map { weights in (0..<weights.count).reduce(0) { $0 + weights[$1] * mixed[$1] } }
    }
  }

  // The magnitudes of the matrices' elements, those of tiles with three outputs included; A's times 24.

  private static let g: [[Double]] = [[1, 0, 0], [1, 1, 1], [1, 1, 1], [1, 2, 4], [1, 2, 4], [0, 0, 1]]
  private static let b: [[Double]] = [
    [4, 0, 5, 0, 1, 0], [0, 4, 4, 1, 1, 0], [0, 4, 4, 1, 1, 0], [0, 2, 1, 2, 1, 0], [0, 2, 1, 2, 1, 0],
    [0, 4, 0, 5, 0, 1],
  ]
  private static let narrowB: [[Double]] = [
    [4, 2, 4, 2, 0, 0], [0, 6, 3, 3, 0, 0], [0, 2, 3, 1, 0, 0], [0, 4, 0, 4, 0, 0], [0, 0, 0, 0, 0, 0],
    [0, 2, 1, 2, 1, 0],
  ]
  private static let a: [[Double]] = [
    [6, 4, 4, 1, 1, 0], [0, 4, 4, 2, 2, 0], [0, 4, 4, 4, 4, 0], [0, 4, 4, 8, 8, 24],
  ]
  private static let narrowA: [[Double]] = [[6, 4, 4, 1, 0, 0], [0, 4, 4, 2, 0, 0], [0, 4, 4, 4, 0, 24]]
}
