import SIMDKernels

/// Additions of integers and of floats, with all that operands and activations can be.
func checkSums(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for (index, channels) in [16, 32, 80].enumerated() {
    for width in [1, 2, 5] {
      for reading in OperandReading.all {
        for baseReading in reading == .asIs ? OperandReading.all : [.asIs, reading] {
          let problem = SumProblem(
            channels: channels, width: width, branch: reading, base: baseReading, seed: index * 8 + width)
          for table in tables {
            problem.checkIntegers(table, &result)
            problem.checkFloats(table, &result)
          }
        }
      }
    }
  }
  return result
}

private struct OperandReading: Equatable {
  var stride: Int
  var shift: Int
  var text: String

  static let asIs = OperandReading(stride: 1, shift: 0, text: "")
  static let all = [
    asIs, OperandReading(stride: 2, shift: 0, text: " every second"),
    OperandReading(stride: 1, shift: 1, text: " twice"),
  ]

  /// The number of pixels of an operand for `count` pixels of the sum.
  func extent(_ count: Int) -> Int { ((count - 1) * stride) >> shift + 1 }
}

private struct SumProblem {
  let height = 3
  let width: Int
  let channels: Int
  let (branchReading, baseReading): (OperandReading, OperandReading)
  let (branch, base): (TestPlane<Int16>, TestPlane<Int16>)
  let (branchBytes, baseBytes): (TestPlane<Int8>, TestPlane<Int8>)
  let (branchFloats, baseFloats): (TestPlane<Float>, TestPlane<Float>)
  let (factor, ratio, slopes): ([Float], [Float], [Float])
  let (branchZero, baseZero): ([Int8], [Int8])
  let (lowest, highest): ([Int16], [Int16])

  init(channels: Int, width: Int, branch branchReading: OperandReading, base baseReading: OperandReading, seed: Int) {
    var numbers = TestNumbers(seed: seed)
    (self.channels, self.width) = (channels, width)
    (self.branchReading, self.baseReading) = (branchReading, baseReading)
    let (branchHeight, branchWidth) = (branchReading.extent(height), branchReading.extent(width))
    let (baseHeight, baseWidth) = (baseReading.extent(height), baseReading.extent(width))
    branch = .random(height: branchHeight, width: branchWidth, channels: channels, &numbers)
    base = .random(height: baseHeight, width: baseWidth, channels: channels, &numbers)
    branchBytes = .random(height: branchHeight, width: branchWidth, channels: channels, &numbers)
    baseBytes = .random(height: baseHeight, width: baseWidth, channels: channels, &numbers)
    branchFloats = TestPlane(
      numbers.floats(branchHeight * branchWidth * channels, 10), height: branchHeight, width: branchWidth,
      channels: channels, untouched: .infinity)
    baseFloats = TestPlane(
      numbers.floats(baseHeight * baseWidth * channels, 10), height: baseHeight, width: baseWidth, channels: channels,
      untouched: .infinity)
    factor = numbers.floats(channels - 2, 2) + [0.5, 1e9]
    ratio = numbers.floats(channels - 2, 2) + [0.5, -1e9]
    slopes = numbers.floats(channels - 2, 1.5) + [-1e9, 0]
    branchZero = numbers.integers(channels, -128...127)
    baseZero = numbers.integers(channels, -128...127)
    lowest = numbers.integers(channels - 1, -2000...0) + [.min]
    highest = numbers.integers(channels - 1, 0...2000) + [.max]
  }

  /// The properties that differ between one sum and another.
  private struct Form {
    var (branchIsBytes, baseIsBytes, hasBase, rescales, slopes, limits) = (false, false, true, false, false, false)
  }

  private static var forms: [Form] {
    var forms: [Form] = []
    for index in 0..<64 {
      let bit = { (bit: Int) in index >> bit & 1 == 1 }
      let form = Form(
        branchIsBytes: bit(0), baseIsBytes: bit(1), hasBase: !bit(2), rescales: bit(3), slopes: bit(4), limits: bit(5))
      if form.hasBase || !(form.baseIsBytes || form.rescales) { forms.append(form) }
    }
    return forms
  }

  private func text(_ table: KernelTable, _ form: Form) -> String {
    "\(table.instructionSet.rawValue), sum of \(form.branchIsBytes ? "int8" : "int16")\(branchReading.text)"
      + (form.hasBase ? " and \(form.baseIsBytes ? "int8" : "int16")\(baseReading.text)" : "")
      + (form.rescales ? ", rescaled" : "") + (form.slopes ? ", slopes" : "") + (form.limits ? ", limits" : "")
      + ", \(height)×\(width)×\(channels)"
  }

  func checkIntegers(_ table: KernelTable, _ result: inout CheckResult) {
    let (storedBranch, storedBase) = (branchBytes.flipped(table.pixelFlip), baseBytes.flipped(table.pixelFlip))
    for form in SumProblem.forms {
      var output = TestPlane<Int16>(height: height, width: width, channels: channels, untouched: 77)
      let parts = output.parts
      let run = { (branch: InputPlane, base: InputPlane) in
        withPointers(factor, ratio) { factor, ratio in
          withPointers(branchZero, baseZero) { branchZero, baseZero in
            withPointers(lowest, highest) { lowest, highest in
              withPointers(slopes, [0]) { (slopes, _: UnsafePointer<Int>) in
                let branch = operand(branch, branchReading, form.branchIsBytes ? branchZero : nil)
                let base = operand(base, baseReading, form.baseIsBytes ? baseZero : nil)
                output.withOutput { output in
                  let pass = SumPass(
                    branch: branch, factor: factor, base: form.hasBase ? base : nil,
                    ratio: form.rescales ? ratio : nil, slopes: form.slopes ? slopes : nil,
                    limits: form.limits ? IntegerLimits(lowest: lowest, highest: highest) : nil, output: output,
                    width: width, channels: channels)
                  for rows in parts { table.planes.sums.add(pass, rows) }
                }
              }
            }
          }
        }
      }
      switch (form.branchIsBytes, form.baseIsBytes) {
      case (false, false): branch.withInput { branch in base.withInput { run(branch, $0) } }
      case (false, true): branch.withInput { branch in storedBase.withInput { run(branch, $0) } }
      case (true, false): storedBranch.withInput { branch in base.withInput { run(branch, $0) } }
      case (true, true): storedBranch.withInput { branch in storedBase.withInput { run(branch, $0) } }
      }
      result.compare(output.storage, expected(form), text(table, form))
    }
  }

  private func operand(
    _ plane: InputPlane, _ reading: OperandReading, _ zero: UnsafePointer<Int8>?
  ) -> SumOperand {
    SumOperand(plane: plane, stride: reading.stride, shift: reading.shift, zero: zero)
  }

  private func expected(_ form: Form) -> [Int16] {
    let branches = form.branchIsBytes ? branchBytes.values : branch.values
    let bases = form.baseIsBytes ? baseBytes.values : base.values
    let sums = eachPixel { branchIndex, baseIndex, channel in
      sumReference(
        branch: branches[branchIndex] - (form.branchIsBytes ? Int(branchZero[channel]) : 0), factor: factor[channel],
        base: form.hasBase ? bases[baseIndex] - (form.baseIsBytes ? Int(baseZero[channel]) : 0) : nil,
        ratio: form.rescales ? ratio[channel] : nil, slope: form.slopes ? slopes[channel] : nil,
        limits: form.limits ? Int(lowest[channel])...Int(highest[channel]) : -32768...32767)
    }
    return TestPlane(sums, height: height, width: width, channels: channels, untouched: 77).storage
  }

  /// Calls `value` with the indices into the operands' values, pixel by pixel.
  private func eachPixel<Value>(_ value: (_ branch: Int, _ base: Int, _ channel: Int) -> Value) -> [Value] {
    var values: [Value] = []
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<channels {
          func index(_ reading: OperandReading) -> Int {
            let (y, x) = ((row * reading.stride) >> reading.shift, (column * reading.stride) >> reading.shift)
            return (y * reading.extent(width) + x) * channels + channel
          }
          values.append(value(index(branchReading), index(baseReading), channel))
        }
      }
    }
    return values
  }

  func checkFloats(_ table: KernelTable, _ result: inout CheckResult) {
    let (branches, bases) = (branchFloats.floats, baseFloats.floats)
    for (hasBase, hasFactor, hasSlopes, limits) in [
      (true, true, true, FloatLimits()), (true, false, false, FloatLimits(lowest: 0, highest: 6)),
      (false, true, false, FloatLimits()), (true, true, true, FloatLimits(lowest: -1, highest: 1)),
      (true, true, false, FloatLimits()), (false, true, true, FloatLimits()),
    ] {
      var tolerances: [Double] = []
      let expected = eachPixel { branchIndex, baseIndex, channel -> Double in
        let product = Double(branches[branchIndex]) * (hasFactor ? Double(factor[channel]) : 1)
        let base = hasBase ? Double(bases[baseIndex]) : 0
        let slope = hasSlopes ? Double(slopes[channel]) : 1
        tolerances.append(4 * 0x1p-24 * (abs(product) + abs(base)) * max(1, abs(slope)))
        return activatedReference(base + product, slope: slope, limits)
      }
      var output = TestPlane<Float>(height: height, width: width, channels: channels, untouched: 77)
      let parts = output.parts
      branchFloats.withInput { branch in
        baseFloats.withInput { base in
          withPointers(factor, slopes) { factor, slopes in
            output.withOutput { output in
              let pass = FloatSumPass(
                branch: operand(branch, branchReading, nil), factor: hasFactor ? factor : nil,
                base: hasBase ? operand(base, baseReading, nil) : nil,
                activation: FloatActivation(slopes: hasSlopes ? slopes : nil, limits: limits), output: output,
                width: width, channels: channels)
              for rows in parts { table.planes.sums.addFloat(pass, rows) }
            }
          }
        }
      }
      result.compare(
        output.floats, expected, tolerances: tolerances,
        "\(table.instructionSet.rawValue), float sum\(branchReading.text) and\(baseReading.text)")
    }
  }
}

extension TestPlane<Float> {
  /// The values [row][column][channel].
  var floats: [Float] {
    var values: [Float] = []
    for pixel in 0..<height * width {
      let first = pixel / width * rowValues + pixel % width * pixelValues
      values += storage[first..<first + channels]
    }
    return values
  }
}
