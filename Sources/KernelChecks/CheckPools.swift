import SIMDKernels

func checkPools(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for (index, shape) in PoolShape.sweep.enumerated() {
    checkBytes(shape, seed: index, tables, &result)
    checkShorts(shape, seed: index, tables, &result)
    checkFloats(shape, seed: index, tables, &result)
  }
  return result
}

extension PoolShape {
  /// Kernels of any height and width, strides that leave gaps, padding on one side only, windows that begin inside and
  /// end outside (ceil), means that count the padding, and the whole plane.
  fileprivate static var sweep: [PoolShape] {
    var shapes: [PoolShape] = []
    for (height, width) in [(1, 1), (2, 3), (5, 4), (7, 7), (6, 13)] {
      for (kernel, stride) in [
        ((2, 2), (2, 2)), ((3, 3), (2, 2)), ((1, 1), (2, 2)), ((3, 2), (1, 2)), ((2, 2), (3, 1)),
      ] {
        for (padding, isCeil) in [
          ((0, 0, 0, 0), true), ((1, 1, 1, 1), false), ((0, 1, 1, 0), true), ((0, 0, 1, 1), false),
        ] {
          for countsPadding in [false, true] {
            let shape = PoolShape(
              height: height, width: width, channels: shapes.count % 3 * 16 + 16, kernel: kernel, stride: stride,
              padding: padding, isCeil: isCeil, countsPadding: countsPadding)
            if let shape { shapes.append(shape) }
          }
        }
      }
    }
    shapes.append(
      PoolShape(
        height: 9, width: 11, channels: 16, kernel: (9, 11), stride: (1, 1), padding: (0, 0, 0, 0), outputHeight: 1,
        outputWidth: 1, countsPadding: false))
    return shapes
  }

  /// The shape with as many windows as PyTorch counts. Nil where there are none.
  private init?(
    height: Int, width: Int, channels: Int, kernel: (Int, Int), stride: (Int, Int), padding: (Int, Int, Int, Int),
    isCeil: Bool, countsPadding: Bool
  ) {
    func positions(_ count: Int, _ kernel: Int, _ stride: Int, _ before: Int, _ after: Int) -> Int {
      let room = count + before + after - kernel
      guard isCeil else { return room < 0 ? 0 : room / stride + 1 }
      let positions = (max(room, 0) + stride - 1) / stride + 1
      return (positions - 1) * stride < count + before ? positions : positions - 1
    }
    let rows = positions(height, kernel.0, stride.0, padding.0, padding.2)
    let columns = positions(width, kernel.1, stride.1, padding.1, padding.3)
    guard rows > 0, columns > 0, kernel.0 > max(padding.0, padding.2), kernel.1 > max(padding.1, padding.3) else {
      return nil
    }
    self.init(
      height: height, width: width, channels: channels, kernel: kernel, stride: stride, padding: padding,
      outputHeight: rows, outputWidth: columns, countsPadding: countsPadding)
  }

  fileprivate var text: String {
    "\(kernel.height)×\(kernel.width) stride \(stride.height)×\(stride.width), \(height)×\(width)×\(channels) values, "
      + "padding \(padding.top) \(padding.left) \(padding.bottom) \(padding.right)\(countsPadding ? ", counted" : "")"
  }

  fileprivate func pass(_ input: InputPlane, _ output: OutputPlane, zero: UnsafePointer<Int8>? = nil) -> PoolPass {
    PoolPass(
      input: input, height: height, width: width, channels: channels, kernel: kernel, stride: stride,
      padding: (padding.top, padding.left), output: output, outputWidth: outputWidth,
      counted: countsPadding
        ? PoolPass.CountedPadding(bottom: padding.bottom, right: padding.right, zero: zero) : nil)
  }

  /// The output of a kernel, with what it must not touch.
  fileprivate func output<Value: BitwiseCopyable & Equatable>(
    _ input: TestPlane<Value>, untouched: Value, zero: [Int8] = [0],
    _ run: (PoolPass, Range<Int>) -> Void
  ) -> [Value] {
    var output = TestPlane<Value>(height: outputHeight, width: outputWidth, channels: channels, untouched: untouched)
    let parts = output.parts
    input.withInput { input in
      output.withOutput { output in
        withPointers(zero, [0]) { (zero, _: UnsafePointer<Int>) in
          for rows in parts { run(pass(input, output, zero: zero), rows) }
        }
      }
    }
    return output.storage
  }

  fileprivate func plane<Value: BitwiseCopyable & Equatable>(_ values: [Value], untouched: Value) -> [Value] {
    TestPlane<Value>(values, height: outputHeight, width: outputWidth, channels: channels, untouched: untouched).storage
  }
}

private func checkBytes(_ shape: PoolShape, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let input = TestPlane<Int8>.random(height: shape.height, width: shape.width, channels: shape.channels, &numbers)
  let zero: [Int8] = numbers.integers(shape.channels, -128...127)
  let values = input.values
  let largest = shape.maximum(values).map { Int8($0) }
  let means = shape.mean(values, zero: zero.map { Int($0) }).map { Int8($0) }
  for table in tables {
    let flip = table.pixelFlip
    let (stored, what) = (input.flipped(flip), "\(table.instructionSet.rawValue), int8 pool \(shape.text)")
    result.compare(
      shape.output(stored, untouched: 77) { table.planes.pools.maximumOfInt8($0, $1) },
      shape.plane(largest.map { $0 ^ flip }, untouched: 77), what + ", maximum")
    result.compare(
      shape.output(stored, untouched: 77, zero: zero) { table.planes.pools.meanOfInt8($0, $1) },
      shape.plane(means.map { $0 ^ flip }, untouched: 77), what + ", mean")
  }
}

private func checkShorts(_ shape: PoolShape, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let input = TestPlane<Int16>.random(height: shape.height, width: shape.width, channels: shape.channels, &numbers)
  let values = input.values
  let largest = shape.maximum(values).map { Int16($0) }
  let means = shape.mean(values, zero: [Int](repeating: 0, count: shape.channels)).map { Int16($0) }
  for table in tables {
    let what = "\(table.instructionSet.rawValue), int16 pool \(shape.text)"
    result.compare(
      shape.output(input, untouched: 77) { table.planes.pools.maximumOfInt16($0, $1) },
      shape.plane(largest, untouched: 77), what + ", maximum")
    result.compare(
      shape.output(input, untouched: 77) { pass, rows in
        var pass = pass
        pass.counted?.zero = nil
        table.planes.pools.meanOfInt16(pass, rows)
      }, shape.plane(means, untouched: 77), what + ", mean")
  }
}

private func checkFloats(_ shape: PoolShape, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let values = numbers.floats(shape.height * shape.width * shape.channels, 10)
  let input = TestPlane<Float>(
    values, height: shape.height, width: shape.width, channels: shape.channels, untouched: .infinity)
  let means = shape.mean(values)
  let count = Double(shape.kernel.height * shape.kernel.width)
  let expected = shape.plane(means.map { $0.mean }, untouched: 77)
  let tolerances = shape.plane(means.map { (count + 2) * 0x1p-24 * $0.magnitude }, untouched: 0)
  for table in tables {
    let what = "\(table.instructionSet.rawValue), float pool \(shape.text)"
    result.compare(
      shape.output(input, untouched: 77) { table.planes.pools.maximumOfFloat($0, $1) },
      shape.plane(shape.maximum(values), untouched: 77), what + ", maximum")
    result.compare(
      shape.output(input, untouched: 77) { table.planes.pools.meanOfFloat($0, $1) }, expected, tolerances: tolerances,
      what + ", mean")
  }
}
