import SIMDKernels

func checkFloatPlanes(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for (index, channels) in [16, 48].enumerated() {
    for width in [1, 3, 14] {
      checkScaling(channels: channels, width: width, seed: index, tables, &result)
      checkMaps(channels: channels, width: width, seed: index, tables, &result)
    }
  }
  for width in [1, 15, 16, 17, 40] { checkSingleChannel(width: width, seed: width, tables, &result) }
  return result
}

private func checkScaling(channels: Int, width: Int, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let height = 2
  let values = numbers.floats(height * width * channels, 10)
  let input = TestPlane<Float>(values, height: height, width: width, channels: channels, untouched: .infinity)
  let (scale, shift, slopes) = (
    numbers.floats(channels, 3), numbers.floats(channels, 3), numbers.floats(channels, 1.5)
  )
  for (hasSlopes, limits) in [
    (false, FloatLimits()), (true, FloatLimits()), (false, FloatLimits(lowest: 0, highest: 6)),
    (true, FloatLimits(lowest: -2, highest: 2)),
  ] {
    var (expected, tolerances): ([Double], [Double]) = ([], [])
    for (index, value) in values.enumerated() {
      let channel = index % channels
      let (product, slope) = (Double(value) * Double(scale[channel]), hasSlopes ? Double(slopes[channel]) : 1)
      expected.append(activatedReference(product + Double(shift[channel]), slope: slope, limits))
      tolerances.append(4 * 0x1p-24 * (abs(product) + abs(Double(shift[channel]))) * max(1, abs(slope)))
    }
    for table in tables {
      var output = TestPlane<Float>(height: height, width: width, channels: channels, untouched: 77)
      let parts = output.parts
      input.withInput { input in
        output.withOutput { output in
          withPointers(scale, shift) { scale, shift in
            withPointers(slopes, [0]) { (slopes, _: UnsafePointer<Int>) in
              let pass = FloatAffinePass(
                input: input, width: width, channels: channels, scale: scale, shift: shift,
                activation: FloatActivation(slopes: hasSlopes ? slopes : nil, limits: limits), output: output)
              for rows in parts { table.planes.floats.scale(pass, rows) }
            }
          }
        }
      }
      result.compare(
        output.floats, expected, tolerances: tolerances,
        "\(table.instructionSet.rawValue), float scaling of \(height)×\(width)×\(channels)")
    }
  }
}

/// Checks sigmoids of one channel, beside which others stay as they are.
private func checkSingleChannel(width: Int, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let height = 2
  var values: [Float] = []
  for _ in 0..<height * width { values.append(numbers.choice([numbers.float(1), numbers.float(20), 0])) }
  let input = TestPlane<Float>(values, height: height, width: width, channels: 1, untouched: .infinity)
  var expected = TestPlane<Float>(height: height, width: width, channels: 1, untouched: 77)
  expected.fill(values.map { sigmoidReference($0) })
  for table in tables {
    var output = TestPlane<Float>(height: height, width: width, channels: 1, untouched: 77)
    let parts = output.parts
    input.withInput { input in
      output.withOutput { output in
        let pass = FloatMap(input: input, width: width, channels: 1, function: .sigmoid, output: output)
        for rows in parts { table.planes.floats.map(pass, rows) }
      }
    }
    result.compare(
      output.storage.map { $0.bitPattern }, expected.storage.map { $0.bitPattern },
      "\(table.instructionSet.rawValue), sigmoid of \(height)×\(width)×1")
  }
}

/// Checks maps bit for bit: the sigmoid is stated.
private func checkMaps(channels: Int, width: Int, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let height = 2
  var values: [Float] = []
  for _ in 0..<height * width * channels {
    values.append(numbers.choice([numbers.float(1), numbers.float(20), numbers.float(200), 0]))
  }
  let input = TestPlane<Float>(values, height: height, width: width, channels: channels, untouched: .infinity)
  for (function, name) in [(FloatMap.Function.sigmoid, "sigmoid"), (.softmaxOfPairs, "softmax of pairs")] {
    var expected: [Float] = []
    for (index, value) in values.enumerated() {
      expected.append(sigmoidReference(function == .sigmoid ? value : value - values[index ^ 1]))
    }
    for table in tables {
      var output = TestPlane<Float>(height: height, width: width, channels: channels, untouched: 77)
      let parts = output.parts
      input.withInput { input in
        output.withOutput { output in
          let pass = FloatMap(input: input, width: width, channels: channels, function: function, output: output)
          for rows in parts { table.planes.floats.map(pass, rows) }
        }
      }
      result.compare(
        output.floats.map { $0.bitPattern }, expected.map { $0.bitPattern },
        "\(table.instructionSet.rawValue), \(name) of \(height)×\(width)×\(channels)")
    }
  }
}
