import SIMDKernels

/// The worked values of `roundToNearestEven`, through a kernel: `trunk · 0.5` and a limit on both sides.
func checkRounding(_ tables: [KernelTable]) -> CheckResult {
  let halves: [(trunk: Int16, rounded: Int8)] = [
    (-5, -2), (-4, -2), (-3, -2), (-2, -1), (-1, 0), (0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 2), (7, 4),
    (253, 126), (255, 127), (-257, -128), (32767, 127),
  ]
  var result = CheckResult()
  for table in tables {
    let pass = TrunkCase(
      height: 1, width: 1, channels: 16, trunk: halves.map { $0.trunk }, scale: [Float](repeating: 0.5, count: 16),
      offset: [Float](repeating: 0, count: 16), gap: 0)
    result.compare(
      pass.output(of: table, parts: [0..<1]), halves.map { $0.rounded ^ table.pixelFlip },
      "\(table.instructionSet.rawValue), rounding of halves")
  }
  return result
}

func checkTrunkPasses(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for (index, channels) in stride(from: 16, through: 112, by: 16).enumerated() {
    for width in [1, 3, 14] {
      checkQuantisation(channels: channels, width: width, seed: index, tables, &result)
      checkScaling(channels: channels, width: width, seed: index, tables, &result)
      checkUpdate(channels: channels, width: width, seed: index, tables, &result)
      checkSums(channels: channels, pixels: width * width, seed: index, tables, &result)
    }
  }
  return result
}

/// A trunk and what turns it into int8 or int16.
private struct TrunkCase {
  var height: Int
  var width: Int
  var channels: Int
  var trunk: [Int16]
  var scale: [Float]
  var offset: [Float]
  /// Values between the rows of the output, which stay 0.
  var gap: Int

  /// int8 [row][column][channel].
  func output(of table: KernelTable, parts: [Range<Int>]) -> [Int8] {
    output { trunk, scale, offset, output in
      let pass = TrunkQuantisation(
        trunk: trunk, height: height, width: width, channels: channels, scale: scale, offset: offset,
        output: plane(output), flip: table.pixelFlip)
      for rows in parts { table.passes.quantiseTrunk(pass, rows) }
    }
  }

  /// int16 of magnitude up to `limit`, laid out alike.
  func output(of table: KernelTable, limit: Int16, parts: [Range<Int>]) -> [Int16] {
    output { trunk, scale, offset, output in
      let pass = TrunkScaling(
        trunk: trunk, height: height, width: width, channels: channels, scale: scale, offset: offset,
        output: plane(output), limit: limit)
      for rows in parts { table.passes.scaleTrunk(pass, rows) }
    }
  }

  private var rowValues: Int { width * channels + gap }
  private var outputCount: Int { height * rowValues }

  private func plane<Value>(_ output: UnsafeMutablePointer<Value>) -> OutputPlane {
    let size = MemoryLayout<Value>.stride
    return OutputPlane(base: output, pixelBytes: channels * size, rowBytes: rowValues * size)
  }

  private func output<Value: FixedWidthInteger>(
    _ run: (UnsafePointer<Int16>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Value>) -> Void
  ) -> [Value] {
    var output = [Value](repeating: 0, count: outputCount)
    output.withUnsafeMutableBufferPointer { output in
      guard let output = output.baseAddress else { return }
      withPointers(scale, offset) { scale, offset in
        withPointers(trunk, [0]) { trunk, _ in run(trunk, scale, offset, output) }
      }
    }
    return output
  }

  func expected<Value: FixedWidthInteger>(
    _ value: (_ trunk: Int16, _ scale: Float, _ offset: Float) -> Value
  ) -> [Value] {
    var expected = [Value](repeating: 0, count: outputCount)
    for index in 0..<trunk.count {
      let (pixel, channel) = (index / channels, index % channels)
      expected[pixel / width * rowValues + pixel % width * channels + channel] = value(
        trunk[index], scale[channel], offset[channel])
    }
    return expected
  }
}

private func checkQuantisation(
  channels: Int, width: Int, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult
) {
  var numbers = TestNumbers(seed: seed)
  var scale: [Float] = []
  for _ in 0..<channels { scale.append(numbers.choice([0.5, 0.25, numbers.float(0.01), -0.003, 1, 1e10, 1e-10])) }
  let pass = TrunkCase(
    height: 3, width: width, channels: channels, trunk: trunkValues(3 * width * channels, &numbers), scale: scale,
    offset: numbers.floats(channels, 130), gap: seed % 2 * 48)
  for table in tables {
    for parts in [[0..<3], [0..<1, 1..<3]] {
      result.compare(
        pass.output(of: table, parts: parts),
        pass.expected { quantisedTrunk($0, scale: $1, offset: $2) ^ table.pixelFlip },
        "\(table.instructionSet.rawValue), trunk to int8, \(channels) channels, width \(width)")
    }
  }
}

private func checkScaling(channels: Int, width: Int, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  var scale: [Float] = []
  for _ in 0..<channels { scale.append(numbers.choice([0.5, 0.25, numbers.float(0.1), -0.3, 1, 1e10, 1e-10])) }
  let pass = TrunkCase(
    height: 3, width: width, channels: channels, trunk: trunkValues(3 * width * channels, &numbers), scale: scale,
    offset: numbers.floats(channels, 1000), gap: seed % 2 * 48)
  for table in tables {
    for (limit, parts) in [(1527, [0..<3]), (32767, [0..<1, 1..<3])] {
      result.compare(
        pass.output(of: table, limit: Int16(limit), parts: parts),
        pass.expected { scaledTrunk($0, scale: $1, offset: $2, limit: limit) },
        "\(table.instructionSet.rawValue), trunk to int16 up to \(limit), \(channels) channels, width \(width)")
    }
  }
}

private func checkUpdate(channels: Int, width: Int, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let (height, count) = (3, 3 * width * channels)
  let branch = trunkValues(count, &numbers)
  let gate = numbers.floats(channels - 2, 2) + [0.5, 1e9]
  let ratio = numbers.floats(channels - 2, 2) + [0.5, -1e9]
  for (stride, usesShortcut, rescales) in [(1, false, false), (1, true, false), (2, true, false), (2, true, true)] {
    let shortcutWidth = width * stride
    let shortcut = trunkValues(height * stride * shortcutWidth * channels, &numbers)
    var expected: [Int16] = []
    for index in 0..<count {
      let (pixel, channel) = (index / channels, index % channels)
      let source = (pixel / width * shortcutWidth + pixel % width) * stride * channels + channel
      expected.append(
        updatedTrunk(
          branch: branch[index], gate: gate[channel], shortcut: usesShortcut ? shortcut[source] : nil,
          rescale: rescales ? ratio[channel] : nil))
    }
    for table in tables {
      var trunk = [Int16](repeating: 0, count: count)
      trunk.withUnsafeMutableBufferPointer { trunk in
        guard let trunk = trunk.baseAddress else { return }
        withPointers(branch, shortcut) { branch, shortcut in
          withPointers(gate, ratio) { gate, ratio in
            let pass = TrunkUpdate(
              branch: branch, gate: gate, shortcut: usesShortcut ? shortcut : nil, shortcutStride: stride,
              shortcutWidth: shortcutWidth, rescale: rescales ? ratio : nil, trunk: trunk, width: width,
              channels: channels)
            table.passes.updateTrunk(pass, 0..<1)
            table.passes.updateTrunk(pass, 1..<height)
          }
        }
      }
      result.compare(
        trunk, expected,
        "\(table.instructionSet.rawValue), trunk update, stride \(stride), \(channels) channels, width \(width)")
    }
  }
}

private func checkSums(channels: Int, pixels: Int, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let values = trunkValues(pixels * channels, &numbers)
  var expected = [Int32](repeating: 0, count: channels)
  for index in 0..<values.count { expected[index % channels] += Int32(values[index]) }
  for table in tables {
    var sums = [Int32](repeating: 0, count: channels)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      withPointers(values, [0]) { values, _ in
        let pass = ChannelSums(values: values, pixels: pixels, channels: channels, sums: sums)
        table.passes.sumChannels(pass, 0..<1)
        table.passes.sumChannels(pass, 1..<channels / 16)
      }
    }
    result.compare(sums, expected, "\(table.instructionSet.rawValue), channel sums, \(channels) × \(pixels) pixels")
  }
}

/// Random, with the extremes among them.
private func trunkValues(_ count: Int, _ numbers: inout TestNumbers) -> [Int16] {
  var values: [Int16] = []
  for _ in 0..<count {
    values.append(
      numbers.choice([
        Int16(numbers.integer(-32768...32767)), Int16(numbers.integer(-300...300)), .min, .max, -1, 0, 1,
      ]))
  }
  return values
}
