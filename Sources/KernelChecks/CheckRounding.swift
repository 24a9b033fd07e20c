import SIMDKernels

/// Checks the worked values of `roundToNearestEven` through a kernel: the conversion of int16 to int8 by `q · 0.5`.
func checkRounding(_ tables: [KernelTable]) -> CheckResult {
  let halves: [(value: Int16, rounded: Int8)] = [
    (-5, -2), (-4, -2), (-3, -2), (-2, -1), (-1, 0), (0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 2), (7, 4),
    (253, 126), (255, 127), (-257, -128), (32767, 127),
  ]
  let (scale, offset) = ([Float](repeating: 0.5, count: 16), [Float](repeating: 0, count: 16))
  let input = TestPlane<Int16>(halves.map { $0.value }, height: 1, width: 1, channels: 16, untouched: 77)
  var result = CheckResult()
  for table in tables {
    var output = TestPlane<Int8>(height: 1, width: 1, channels: 16, untouched: 77)
    input.withInput { input in
      output.withOutput { output in
        withPointers(scale, offset) { scale, offset in
          let pass = Conversion(input: input, width: 1, channels: 16, scale: scale, offset: offset, output: output)
          table.planes.conversions.int16ToInt8(pass, nil, 0..<1)
        }
      }
    }
    let expected = TestPlane<Int8>(
      halves.map { $0.rounded ^ table.pixelFlip }, height: 1, width: 1, channels: 16, untouched: 77)
    result.compare(output.storage, expected.storage, "\(table.instructionSet.rawValue), rounding of halves")
  }
  return result
}
