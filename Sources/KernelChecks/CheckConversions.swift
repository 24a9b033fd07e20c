import SIMDKernels

func checkConversions(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for (index, channels) in [16, 32, 80].enumerated() {
    for width in [1, 3, 14] {
      let problem = ConversionProblem(channels: channels, width: width, seed: index)
      for table in tables {
        problem.checkToInt8(table, &result)
        problem.checkToInt16(table, &result)
        problem.checkToFloat(table, &result)
        problem.checkProducts(table, &result)
        problem.checkClamps(table, &result)
      }
    }
  }
  return result
}

private struct ConversionProblem {
  let height = 3
  let width: Int
  let channels: Int
  let bytes: TestPlane<Int8>
  let shorts: TestPlane<Int16>
  let longs: TestPlane<Int32>
  let scale: [Float]
  let offset: [Float]
  let inputZero: [Int8]
  let zero: [Int8]
  let lowest: [Int16]
  let highest: [Int16]

  init(channels: Int, width: Int, seed: Int) {
    var numbers = TestNumbers(seed: seed)
    (self.channels, self.width) = (channels, width)
    bytes = .random(height: height, width: width, channels: channels, &numbers)
    shorts = .random(height: height, width: width, channels: channels, &numbers)
    longs = .random(height: height, width: width, channels: channels, &numbers)
    var scale: [Float] = []
    for _ in 0..<channels {
      scale.append(numbers.choice([0.5, 0.25, numbers.float(0.01), -0.003, 1, 1e10, 1e-10, numbers.float(1)]))
    }
    self.scale = scale
    offset = numbers.floats(channels, 130)
    inputZero = numbers.integers(channels, -128...127)
    zero = numbers.integers(channels, -128...127)
    lowest = numbers.integers(channels, -128...0)
    highest = numbers.integers(channels, 0...127)
  }

  private func text(_ table: KernelTable, _ what: String) -> String {
    "\(table.instructionSet.rawValue), \(what), \(height)×\(width)×\(channels)"
  }

  /// The output of a kernel, with what it must not touch.
  private func output<Value, Output: FixedWidthInteger & BitwiseCopyable>(
    _ input: TestPlane<Value>, _ run: (Conversion, IntegerLimits, Range<Int>) -> Void
  ) -> [Output] {
    var output = TestPlane<Output>(height: height, width: width, channels: channels, untouched: 77)
    convert(input, &output, run)
    return output.storage
  }

  private func convert<Value, Output>(
    _ input: TestPlane<Value>, _ output: inout TestPlane<Output>,
    _ run: (Conversion, IntegerLimits, Range<Int>) -> Void
  ) {
    let parts = output.parts
    input.withInput { input in
      output.withOutput { output in
        withPointers(scale, offset) { scale, offset in
          withPointers(lowest, highest) { lowest, highest in
            let pass = Conversion(
              input: input, width: width, channels: channels, scale: scale, offset: offset, output: output)
            for rows in parts { run(pass, IntegerLimits(lowest: lowest, highest: highest), rows) }
          }
        }
      }
    }
  }

  private func plane<Value: FixedWidthInteger & BitwiseCopyable>(
    _ values: [Int], _ value: (Int, _ channel: Int) -> Value
  ) -> [Value] {
    var converted: [Value] = []
    for (index, integer) in values.enumerated() { converted.append(value(integer, index % channels)) }
    return TestPlane(converted, height: height, width: width, channels: channels, untouched: 77).storage
  }

  private func rounded(_ value: Int, _ channel: Int) -> Int {
    roundedToEven(convertedReference(value, scale: scale[channel], offset: offset[channel]))
  }

  private func limited(_ value: Int, _ channel: Int) -> Int {
    min(max(value, Int(lowest[channel])), Int(highest[channel]))
  }

  func checkToInt8(_ table: KernelTable, _ result: inout CheckResult) {
    let (kernels, flip) = (table.planes.conversions, table.pixelFlip)
    result.compare(
      output(shorts) { kernels.int16ToInt8($0, nil, $2) },
      plane(shorts.values) { Int8(clamping: rounded($0, $1)) ^ flip }, text(table, "int16 to int8"))
    result.compare(
      output(shorts) { kernels.int16ToInt8($0, $1, $2) },
      plane(shorts.values) { Int8(limited(rounded($0, $1), $1)) ^ flip }, text(table, "int16 to limited int8"))
    result.compare(
      output(longs) { kernels.int32ToInt8($0, nil, $2) },
      plane(longs.values) { Int8(clamping: rounded($0, $1)) ^ flip }, text(table, "int32 to int8"))
  }

  func checkToInt16(_ table: KernelTable, _ result: inout CheckResult) {
    let kernels = table.planes.conversions
    for range in [-32768...32767, -1527...1527] as [ClosedRange<Int16>] {
      let limit = { (value: Int) in min(max(value, Int(range.lowerBound)), Int(range.upperBound)) }
      result.compare(
        output(shorts) { kernels.int16ToInt16($0, nil, range, $2) },
        plane(shorts.values) { Int16(limit(rounded($0, $1))) }, text(table, "int16 to int16 up to \(range.upperBound)"))
      result.compare(
        output(shorts) { kernels.int16ToInt16($0, $1, range, $2) },
        plane(shorts.values) { Int16(limited(limit(rounded($0, $1)), $1)) }, text(table, "int16 to limited int16"))
      result.compare(
        output(longs) { kernels.int32ToInt16($0, nil, range, $2) },
        plane(longs.values) { Int16(limit(rounded($0, $1))) }, text(table, "int32 to int16"))
    }
  }

  func checkToFloat(_ table: KernelTable, _ result: inout CheckResult) {
    let kernels = table.planes.conversions
    for limits in [FloatLimits(), FloatLimits(lowest: -6, highest: 60)] {
      func expected(_ values: [Int]) -> [UInt32] {
        plane(values) { value, channel in
          let converted = convertedReference(value, scale: scale[channel], offset: offset[channel])
          return min(max(converted, limits.lowest), limits.highest).bitPattern
        }
      }
      result.compare(
        output(shorts) { kernels.int16ToFloat($0, limits, $2) }, expected(shorts.values), text(table, "int16 to float"))
      result.compare(
        output(bytes.flipped(table.pixelFlip)) { kernels.int8ToFloat($0, limits, $2) }, expected(bytes.values),
        text(table, "int8 to float"))
      result.compare(
        output(longs) { kernels.int32ToFloat($0, limits, $2) }, expected(longs.values), text(table, "int32 to float"))
    }
  }

  func checkProducts(_ table: KernelTable, _ result: inout CheckResult) {
    let (kernels, flip) = (table.planes.products, table.pixelFlip)
    func run<Value, Output: FixedWidthInteger & BitwiseCopyable>(
      _ input: TestPlane<Value>, usesZero: Bool, _ kernel: (ProductPass, Range<Int>) -> Void
    ) -> [Output] {
      output(input) { conversion, _, rows in
        withPointers(inputZero, zero) { inputZero, zero in
          kernel(
            ProductPass(
              input: conversion.input, inputZero: usesZero ? inputZero : nil, width: width, channels: channels,
              factor: conversion.scale, output: conversion.output, zero: zero), rows)
        }
      }
    }
    func scaled(_ value: Int, _ channel: Int) -> Float { Float(value) * scale[channel] }
    result.compare(
      run(bytes.flipped(flip), usesZero: true, kernels.int8ToInt8),
      plane(bytes.values) {
        Int8(clamping: roundedToEven(scaled($0 - Int(inputZero[$1]), $1)) + Int(zero[$1])) ^ flip
      }, text(table, "product of int8 to int8"))
    result.compare(
      run(shorts, usesZero: false, kernels.int16ToInt8),
      plane(shorts.values) { Int8(clamping: roundedToEven(scaled($0, $1)) + Int(zero[$1])) ^ flip },
      text(table, "product of int16 to int8"))
    result.compare(
      run(shorts, usesZero: false) { kernels.int16ToInt16($0, -1000...999, $1) },
      plane(shorts.values) { Int16(min(max(roundedToEven(scaled($0, $1)), -1000), 999)) },
      text(table, "product of int16 to int16"))
    result.compare(
      run(shorts, usesZero: false, kernels.int16ToFloat), plane(shorts.values) { scaled($0, $1).bitPattern },
      text(table, "product of int16 to float"))
  }

  /// Checks clamps in place, slice by slice.
  func checkClamps(_ table: KernelTable, _ result: inout CheckResult) {
    let pixels = height * width
    let slices = [
      ConvolutionSlice(blocks: 0..<1, pixels: 0..<pixels), ConvolutionSlice(blocks: 1..<channels / 16, pixels: 0..<1),
      ConvolutionSlice(blocks: 1..<channels / 16, pixels: 1..<pixels),
    ]
    var clamped = shorts
    clamped.withOutput { plane in
      withPointers(lowest, highest) { lowest, highest in
        let pass = ClampPass(
          plane: plane, width: width, limits: IntegerLimits(lowest: lowest, highest: highest))
        for slice in slices { table.planes.conversions.clampInt16(pass, slice) }
      }
    }
    result.compare(
      clamped.storage, plane(shorts.values) { Int16(limited($0, $1)) }, text(table, "int16 clamped in place"))
    let limits = FloatLimits(lowest: 0, highest: 6)
    let floats = shorts.values.map { Float($0) / 1000 }
    var plane = TestPlane<Float>(floats, height: height, width: width, channels: channels, untouched: 77)
    plane.withOutput { plane in
      for slice in slices {
        table.planes.conversions.clampFloat(ClampPass(plane: plane, width: width, limits: limits), slice)
      }
    }
    let expected = TestPlane<Float>(
      floats.map { min(max($0, 0), 6) }, height: height, width: width, channels: channels, untouched: 77)
    result.compare(plane.storage, expected.storage, text(table, "float clamped in place"))
  }
}
