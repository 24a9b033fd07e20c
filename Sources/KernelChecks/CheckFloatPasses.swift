import SIMDKernels

func checkFloatPasses(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for (index, channels) in stride(from: 16, through: 112, by: 16).enumerated() {
    for width in [1, 3, 14] {
      checkNormalisation(channels: channels, width: width, seed: index, tables, &result)
      checkFloatUpdate(channels: channels, width: width, seed: index, tables, &result)
      checkFloatSums(channels: channels, pixels: width * width, seed: index, tables, &result)
    }
  }
  return result
}

private func checkNormalisation(
  channels: Int, width: Int, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult
) {
  var numbers = TestNumbers(seed: seed)
  let height = 2
  let trunk = numbers.floats(height * width * channels, 10)
  let (scale, shift) = (numbers.floats(channels, 3), numbers.floats(channels, 3))
  // What stands between the rows of the output stays 0.
  let rowValues = width * channels + seed % 2 * 48
  var expected = [Double](repeating: 0, count: height * rowValues)
  var tolerances = expected
  for index in 0..<trunk.count {
    let (pixel, channel) = (index / channels, index % channels)
    let position = pixel / width * rowValues + pixel % width * channels + channel
    let product = Double(trunk[index]) * Double(scale[channel])
    expected[position] = product + Double(shift[channel])
    tolerances[position] = 3 * 0x1p-24 * (abs(product) + abs(Double(shift[channel])))
  }
  for table in tables {
    var output = [Float](repeating: 0, count: expected.count)
    output.withUnsafeMutableBufferPointer { output in
      guard let output = output.baseAddress else { return }
      withPointers(scale, shift) { scale, shift in
        withPointers(trunk, [0]) { trunk, _ in
          let pass = FloatNormalisation(
            trunk: trunk, height: height, width: width, channels: channels, scale: scale, shift: shift,
            output: OutputPlane(base: output, pixelBytes: channels * 4, rowBytes: rowValues * 4))
          table.passes.normaliseFloat(pass, 0..<1)
          table.passes.normaliseFloat(pass, 1..<height)
        }
      }
    }
    result.compare(
      output, expected, tolerances: tolerances,
      "\(table.instructionSet.rawValue), float normalisation, \(channels) channels, width \(width)")
  }
}

private func checkFloatUpdate(
  channels: Int, width: Int, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult
) {
  var numbers = TestNumbers(seed: seed)
  let height = 2
  let branch = numbers.floats(height * width * channels, 10)
  let gate = numbers.floats(channels, 2)
  for (stride, usesShortcut) in [(1, false), (1, true), (2, true)] {
    let shortcutWidth = width * stride
    let shortcut = numbers.floats(height * stride * shortcutWidth * channels, 10)
    var (expected, tolerances): ([Double], [Double]) = ([], [])
    for index in 0..<branch.count {
      let (pixel, channel) = (index / channels, index % channels)
      let source = (pixel / width * shortcutWidth + pixel % width) * stride * channels + channel
      let product = Double(branch[index]) * Double(gate[channel])
      let addend = usesShortcut ? Double(shortcut[source]) : 0
      expected.append(product + addend)
      tolerances.append(3 * 0x1p-24 * (abs(product) + abs(addend)))
    }
    for table in tables {
      var trunk = [Float](repeating: 0, count: branch.count)
      trunk.withUnsafeMutableBufferPointer { trunk in
        guard let trunk = trunk.baseAddress else { return }
        withPointers(branch, shortcut) { branch, shortcut in
          withPointers(gate, [0]) { gate, _ in
            let pass = FloatTrunkUpdate(
              branch: branch, gate: gate, shortcut: usesShortcut ? shortcut : nil, shortcutStride: stride,
              shortcutWidth: shortcutWidth, trunk: trunk, width: width, channels: channels)
            table.passes.updateFloatTrunk(pass, 0..<1)
            table.passes.updateFloatTrunk(pass, 1..<height)
          }
        }
      }
      result.compare(
        trunk, expected, tolerances: tolerances,
        "\(table.instructionSet.rawValue), float trunk update, stride \(stride), \(channels) channels, width \(width)")
    }
  }
}

private func checkFloatSums(
  channels: Int, pixels: Int, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult
) {
  var numbers = TestNumbers(seed: seed)
  let values = numbers.floats(pixels * channels, 10)
  var (expected, magnitudes) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
  for index in 0..<values.count {
    expected[index % channels] += Double(values[index])
    magnitudes[index % channels] += abs(Double(values[index]))
  }
  for table in tables {
    var sums = [Float](repeating: 0, count: channels)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      withPointers(values, [0]) { values, _ in
        let pass = FloatChannelSums(values: values, pixels: pixels, channels: channels, sums: sums)
        table.passes.sumFloatChannels(pass, 0..<1)
        table.passes.sumFloatChannels(pass, 1..<channels / 16)
      }
    }
    result.compare(
      sums, expected, tolerances: magnitudes.map { Double(pixels + 2) * 0x1p-24 * $0 },
      "\(table.instructionSet.rawValue), float channel sums, \(channels) × \(pixels) pixels")
  }
}
