import SIMDKernels

func checkSqueezeExcite(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for (channels, hidden) in [(16, 16), (48, 16), (64, 16), (112, 32), (256, 16), (512, 32)] {
    // Sums near zero, and far beyond what the exponential is computed of.
    for (seed, magnitude) in [Float(0), 0.1, 1, 30].enumerated() {
      var numbers = TestNumbers(seed: channels + seed)
      let means = numbers.floats(channels, 1)
      let reduce = numbers.floats(hidden * channels, magnitude)
      let expand = numbers.floats(channels * hidden, magnitude)
      let factor = numbers.floats(channels, 2)
      let biases = (reduce: numbers.floats(hidden, 1), expand: numbers.floats(channels, 1))
      for hasBiases in [false, true] {
        let expected = squeezeExciteGates(
          means: means, reduce: reduce, expand: expand, reduceBias: hasBiases ? biases.reduce : nil,
          expandBias: hasBiases ? biases.expand : nil, factor: factor, hidden: hidden)
        for table in tables {
          var computed: [Float] = []
          withPointers(biases.reduce, biases.expand) { reduceBias, expandBias in
            computed = gates(
              table, means: means, reduce: reduce, expand: expand, reduceBias: hasBiases ? reduceBias : nil,
              expandBias: hasBiases ? expandBias : nil, factor: factor, hidden: hidden)
          }
          result.compare(
            computed.map { $0.bitPattern }, expected.map { $0.bitPattern },
            "\(table.instructionSet.rawValue), squeeze-and-excitation\(hasBiases ? " with biases" : ""), "
              + "\(channels) channels, weights up to \(magnitude)")
        }
      }
    }
  }
  return result
}

private func gates(
  _ table: KernelTable, means: [Float], reduce: [Float], expand: [Float], reduceBias: UnsafePointer<Float>?,
  expandBias: UnsafePointer<Float>?, factor: [Float], hidden: Int
) -> [Float] {
  var (means, gates) = (means, [Float](repeating: 0, count: means.count))
  var hiddenValues = [Float](repeating: 0, count: hidden)
  let channels = means.count
  withGuarded(&means) { means in
    withGuarded(&gates) { gate in
      withGuarded(&hiddenValues) { values in
        withPointers(reduce, expand) { reduce, expand in
          withPointers(factor, [0]) { (factor, _: UnsafePointer<Float>) in
            table.squeezeExcite(
              SqueezeExciteGate(
                means: means, channels: channels, hiddenValues: values, hidden: hidden, reduce: reduce,
                expand: expand, reduceBias: reduceBias, expandBias: expandBias, factor: factor, gate: gate))
          }
        }
      }
    }
  }
  return gates
}
