import SIMDKernels

/// Checks the sums over all pixels, of planes with gaps between their pixels and rows, and of planes without any.
func checkPixelSums(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for channels in [16, 48, 112] {
    for width in [1, 3, 14] {
      for gap in [0, 16] {
        PixelSumProblem(width: width, channels: channels, gap: gap).check(tables, &result)
      }
    }
  }
  return result
}

private struct PixelSumProblem {
  let height = 3
  let width: Int
  let channels: Int
  let (bytes, shorts, floats): (TestPlane<Int8>, TestPlane<Int16>, TestPlane<Float>)
  let zero: [Int8]

  init(width: Int, channels: Int, gap: Int) {
    var numbers = TestNumbers(seed: channels + width)
    let (height, count) = (height, height * width * channels)
    func plane<Value>(_ values: [Value], untouched: Value) -> TestPlane<Value> {
      var plane = TestPlane(
        height: height, width: width, channels: channels, pixelGap: gap, rowGap: 2 * gap, untouched: untouched)
      plane.fill(values)
      return plane
    }
    (self.width, self.channels) = (width, channels)
    bytes = plane(randomValues(count, &numbers), untouched: 77)
    shorts = plane(randomValues(count, &numbers), untouched: 77)
    floats = plane(numbers.floats(count, 10), untouched: .infinity)
    zero = numbers.integers(channels, -128...127)
  }

  func check(_ tables: [KernelTable], _ result: inout CheckResult) {
    let none = [Int8](repeating: 0, count: channels)
    var (expected, magnitudes) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    for (index, value) in floats.floats.enumerated() {
      expected[index % channels] += Double(value)
      magnitudes[index % channels] += abs(Double(value))
    }
    for table in tables {
      let text = "\(table.instructionSet.rawValue), sums of \(height)×\(width)×\(channels)"
      let kernels = table.planes.sums
      let stored = bytes.flipped(table.pixelFlip)
      result.compare(sums(stored, kernels.pixelsOfInt8), reference(bytes.values, minus: none), text + " int8")
      result.compare(
        sums(stored, kernels.pixelsOfInt8, hasZero: true), reference(bytes.values, minus: zero),
        text + " int8 less zero points")
      result.compare(sums(shorts, kernels.pixelsOfInt16), reference(shorts.values, minus: none), text + " int16")
      result.compare(
        sums(floats, kernels.pixelsOfFloat), expected,
        tolerances: magnitudes.map { Double(height * width + 2) * 0x1p-24 * $0 }, text + " float")
    }
  }

  private func reference(_ values: [Int], minus zero: [Int8]) -> [Int32] {
    var sums = [Int32](repeating: 0, count: channels)
    for (index, value) in values.enumerated() {
      sums[index % channels] += Int32(value) - Int32(zero[index % channels])
    }
    return sums
  }

  /// The sums that a kernel computes, in two calls.
  private func sums<Value, Sum: Numeric>(
    _ plane: TestPlane<Value>, _ kernel: (PlaneSums<Sum>, Range<Int>) -> Void, hasZero: Bool = false
  ) -> [Sum] {
    var sums = [Sum](repeating: 0, count: channels)
    plane.withInput { input in
      withPointers(zero, [0]) { (zero, _: UnsafePointer<Int>) in
        withGuarded(&sums) { sums in
          let pass = PlaneSums(input: input, height: height, width: width, zero: hasZero ? zero : nil, sums: sums)
          kernel(pass, 0..<1)
          kernel(pass, 1..<channels / 16)
        }
      }
    }
    return sums
  }
}
