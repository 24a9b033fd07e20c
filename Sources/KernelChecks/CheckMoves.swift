import SIMDKernels

/// Copies, upsampling, depth to space and repetition: what they move, and that they touch nothing else.
func checkMoves(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for count in [1, 2, 3, 4, 7, 8, 13, 16, 21, 32, 47, 112] { checkCopy(count, &result) }
  for (channels, width) in [(16, 1), (32, 3), (80, 6)] { checkUpsampling(channels: channels, width: width, &result) }
  for channels in [1, 3, 16, 24] {
    for (factor, crop) in [(2, 0), (2, 1), (4, 1), (3, 2), (1, 0)] {
      checkSpreading(channels: channels, factor: factor, crop: crop, &result)
    }
  }
  for (groups, channels, repeats) in [
    (16, 1, 2), (8, 2, 2), (12, 4, 2), (6, 8, 2), (10, 2, 2), (4, 8, 3), (5, 3, 1), (16, 1, 5), (2, 24, 2),
  ] {
    checkRepetition(groups: groups, channels: channels, repeats: repeats, &result)
  }
  return result
}

private func checkCopy(_ count: Int, _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: count)
  let (height, width, first, last) = (3, 4, 5, 3)
  let input = TestPlane<Int8>.random(height: height, width: width, channels: count + 9, &numbers)
  var output = TestPlane<Int8>(height: height, width: width, channels: first + count + last, untouched: 77)
  var expected = output
  let parts = output.parts
  input.withInput { input in
    output.withOutput { output in
      var (input, output) = (input, output)
      input.base += 9
      output.base += first
      let pass = ChannelCopy(
        input: input, width: width, byteCount: count, output: output, padding: ChannelPadding(count: last, byte: 128))
      for rows in parts { copyChannels(pass, rows: rows) }
    }
  }
  let values = input.values
  var pixels: [Int8] = []
  for pixel in 0..<height * width {
    pixels += [Int8](repeating: 77, count: first)
    pixels += values[pixel * (count + 9) + 9..<(pixel + 1) * (count + 9)].map { Int8($0) }
    pixels += [Int8](repeating: -128, count: last)
  }
  expected.fill(pixels)
  result.compare(output.storage, expected.storage, "copy of \(count) bytes of a pixel")
}

private func checkUpsampling(channels: Int, width: Int, _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: channels)
  let height = 2
  let input = TestPlane<Int16>.random(height: height, width: width, channels: channels, &numbers)
  var output = TestPlane<Int16>(height: 2 * height, width: 2 * width, channels: channels, untouched: 77)
  var expected = output
  let parts = output.parts
  input.withInput { input in
    output.withOutput { output in
      let pass = Upsampling(input: input, byteCount: channels * 2, output: output, outputWidth: 2 * width)
      for rows in parts { upsample(pass, rows: rows) }
    }
  }
  let values = input.values
  var pixels: [Int16] = []
  for row in 0..<2 * height {
    for column in 0..<2 * width {
      let first = (row / 2 * width + column / 2) * channels
      pixels += values[first..<first + channels].map { Int16($0) }
    }
  }
  expected.fill(pixels)
  result.compare(output.storage, expected.storage, "upsampling of \(height)×\(width)×\(channels)")
}

private func checkSpreading(channels: Int, factor: Int, crop: Int, _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: channels)
  let (height, width) = (3, 2)
  let input = TestPlane<Int16>.random(
    height: height, width: width, channels: factor * factor * channels, &numbers)
  let (outputHeight, outputWidth) = (height * factor - crop, width * factor - crop)
  var output = TestPlane<Int16>(height: outputHeight, width: outputWidth, channels: channels + 1, untouched: 77)
  var expected = output
  let parts = output.parts
  input.withInput { input in
    output.withOutput { output in
      let pass = Spreading(
        input: input, factor: factor, crop: crop, byteCount: channels * 2, output: output, outputWidth: outputWidth,
        padding: ChannelPadding(count: 2))
      for rows in parts { spreadChannels(pass, rows: rows) }
    }
  }
  let values = input.values
  var pixels: [Int16] = []
  for row in crop..<height * factor {
    for column in crop..<width * factor {
      let pixel = row / factor * width + column / factor
      let first = (pixel * factor * factor + row % factor * factor + column % factor) * channels
      pixels += values[first..<first + channels].map { Int16($0) } + [0]
    }
  }
  expected.fill(pixels)
  result.compare(output.storage, expected.storage, "depth to space by \(factor), crop \(crop), \(channels) channels")
}

private func checkRepetition(groups: Int, channels: Int, repeats: Int, _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: groups)
  let (height, width) = (2, 3)
  let input = TestPlane<Int8>.random(height: height, width: width, channels: groups * channels, &numbers)
  var output = TestPlane<Int8>(height: height, width: width, channels: groups * channels * repeats + 1, untouched: 77)
  var expected = output
  let parts = output.parts
  input.withInput { input in
    output.withOutput { output in
      let pass = ChannelRepetition(
        input: input, width: width, groups: groups, groupBytes: channels, repeats: repeats, output: output,
        padding: ChannelPadding(count: 1))
      for rows in parts { repeatChannels(pass, rows: rows) }
    }
  }
  let values = input.values
  var pixels: [Int8] = []
  for pixel in 0..<height * width {
    for group in 0..<groups {
      let first = (pixel * groups + group) * channels
      for _ in 0..<repeats { pixels += values[first..<first + channels].map { Int8($0) } }
    }
    pixels.append(0)
  }
  expected.fill(pixels)
  result.compare(output.storage, expected.storage, "\(groups) groups of \(channels) channels \(repeats) times")
}
