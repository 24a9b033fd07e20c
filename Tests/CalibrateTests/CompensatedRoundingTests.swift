import Calibrate
import QuantRuntime
import Testing

struct CompensatedRoundingTests {
  private func round(
    _ rows: [[Float]], _ moments: [[Float]], threads: ThreadPlan = 1
  ) throws -> (values: [[Int8]], steps: [Float]) {
    try roundWithCompensation(rows, moments: moments, damping: 1e-6, kernels: kernels(nil), threads: threads)
  }

  /// Σ eᵢ·eⱼ·Hᵢⱼ, in double.
  private func cost(_ row: [Float], _ values: [Int8], _ step: Float, _ moments: [[Float]]) -> Double {
    let errors = zip(row, values).map { Double($0) - Double($1) * Double(step) }
    var sum = 0.0
    for i in errors.indices {
      for j in errors.indices { sum += errors[i] * errors[j] * Double(moments[i][j]) }
    }
    return sum
  }

  /// Two inputs that are always the same: rounding both weights of 0.4 down loses 0.8, so one goes up.
  @Test func equalInputsShareTheirError() throws {
    let moments: [[Float]] = [[1, 0, 0], [0, 1, 0.999], [0, 0.999, 1]]
    let (values, steps) = try round([[127, 0.4, 0.4]], moments)
    #expect(steps == [1])
    #expect(values == [[127, 1, 0]])
  }

  /// Opposite inputs: the errors must have the same sign.
  @Test func oppositeInputsRoundTheSameWay() throws {
    let moments: [[Float]] = [[1, 0, 0], [0, 1, -0.999], [0, -0.999, 1]]
    let (values, _) = try round([[127, 0.6, 0.4]], moments)
    #expect(values == [[127, 0, 0]] || values == [[127, 1, 1]])
  }

  @Test func withoutCorrelationItRoundsToTheNearest() throws {
    let moments: [[Float]] = [[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 3, 0], [0, 0, 0, 4]]
    let (values, steps) = try round([[-127, 3.4, 3.6, -0.2]], moments)
    #expect(steps == [1])
    #expect(values == [[-127, 3, 4, 0]])
  }

  @Test func integersTimesAStepAreReproduced() throws {
    let size = 150
    var wanted: [Int8] = []
    for index in 0..<size { wanted.append(Int8(index == 70 ? 127 : index * 37 % 101 - 50)) }
    let rows = [wanted.map { Float($0) * 0.25 }, [Float](repeating: 0, count: size)]
    let (values, steps) = try round(rows, correlated(size))
    #expect(abs(steps[0] - 0.25) < 1e-6)
    #expect(values[0] == wanted)
    #expect(values[1] == [Int8](repeating: 0, count: size))
  }

  /// More columns than a block of the factorisation has, and not a multiple of 16; random weights on correlated inputs.
  @Test func beatsNearestOnCorrelatedInputs() throws {
    let (size, outputs) = (200, 50)
    let moments = correlated(size)
    var random = Random()
    let rows = (0..<outputs).map { _ in random.row(size) }
    let (values, steps) = try round(rows, moments)
    var (compensated, nearest) = (0.0, 0.0)
    for (index, row) in rows.enumerated() {
      compensated += cost(row, values[index], steps[index], moments)
      let (integers, step) = NearestRounding().round(row, limit: 127)
      nearest += cost(row, integers.map { Int8($0) }, step, moments)
    }
    #expect(compensated < nearest / 3, "\(compensated) against \(nearest)")
    for threads: ThreadPlan in [2, 3] {
      let again = try round(rows, moments, threads: threads)
      #expect(again.values == values && again.steps == steps)
    }
  }

  /// A single sweep cannot find a better integer anywhere: every change by one costs more.
  @Test func noSingleChangeIsBetter() throws {
    let size = 40
    let moments = correlated(size)
    var random = Random()
    let row = random.row(size)
    let (values, steps) = try round([row], moments)
    let least = cost(row, values[0], steps[0], moments)
    for index in 0..<size {
      for change: Int8 in [-1, 1] where abs(Int(values[0][index]) + Int(change)) <= 127 {
        var other = values[0]
        other[index] += change
        #expect(cost(row, other, steps[0], moments) >= least * 0.9999)
      }
    }
  }

  private struct Random {
    var state: UInt64 = 1

    mutating func row(_ count: Int) -> [Float] {
      var row: [Float] = []
      for _ in 0..<count { row.append(next()) }
      return row
    }

    mutating func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 23) - 1
    }
  }

  /// Neighbours correlate by 0.95, the ones behind them by its powers.
  private func correlated(_ size: Int) -> [[Float]] {
    var powers: [Float] = [1]
    for _ in 1..<size { powers.append(powers[powers.count - 1] * 0.95) }
    var moments: [[Float]] = []
    for row in 0..<size { moments.append((0..<size).map { powers[abs(row - $0)] }) }
    return moments
  }
}
