import SIMDKernels

/// Checks pictures of every width around the pixels that are read at once, in both orders of channels.
func checkPictures(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for width in [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 33] {
    var numbers = TestNumbers(seed: width)
    let height = 3
    var pixels: [UInt8] = []
    for _ in 0..<height * width * 3 { pixels.append(UInt8(numbers.integer(0...255))) }
    for (isBlueFirst, factor, offsets) in [
      (false, 2, SIMD4<Int16>(255, 255, 255, 0)), (true, 1, SIMD4(0, 0, 0, 0)), (true, 64, SIMD4(7916, 6625, 7452, 0)),
    ] {
      var expected: [Int16] = []
      for pixel in 0..<height * width {
        for channel in 0..<3 {
          let value = Int(pixels[3 * pixel + (isBlueFirst ? 2 - channel : channel)])
          expected.append(Int16(factor * value - Int(offsets[channel])))
        }
        expected.append(0)
      }
      for table in tables {
        var output = TestPlane<Int16>(height: height, width: width, channels: 4, pixelGap: 0, untouched: 77)
        let parts = output.parts
        output.withOutput { output in
          withGuarded(pixels) { pixels in
            let pass = PicturePass(
              pixels: pixels, width: width, isBlueFirst: isBlueFirst, factor: Int16(factor), offsets: offsets,
              output: output)
            for rows in parts { table.planes.picture(pass, rows) }
          }
        }
        var wanted = TestPlane<Int16>(height: height, width: width, channels: 4, pixelGap: 0, untouched: 77)
        wanted.fill(expected)
        result.compare(
          output.storage, wanted.storage,
          "\(table.instructionSet.rawValue), a picture of \(height)×\(width), \(isBlueFirst ? "BGR" : "RGB")")
      }
    }
  }
  return result
}
