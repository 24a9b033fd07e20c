import SIMDKernels

/// A plane [row][column][channel] with something between its pixels and rows, which no pass may touch.
struct TestPlane<Value: BitwiseCopyable & Equatable> {
  var height: Int
  var width: Int
  var channels: Int
  /// The numbers of values after each pixel and after each row.
  var pixelGap: Int
  var rowGap: Int
  var storage: [Value]

  init(height: Int, width: Int, channels: Int, pixelGap: Int = 16, rowGap: Int = 32, untouched: Value) {
    self.height = height
    self.width = width
    self.channels = channels
    self.pixelGap = pixelGap
    self.rowGap = rowGap
    // Behind the last value lie 64 bytes, which kernels may read, and then a page that nobody may.
    let values = height * (width * (channels + pixelGap) + rowGap) - pixelGap - rowGap
    storage = [Value](repeating: untouched, count: values + 64 / MemoryLayout<Value>.stride)
  }

  init(_ values: [Value], height: Int, width: Int, channels: Int, untouched: Value) {
    self.init(height: height, width: width, channels: channels, untouched: untouched)
    fill(values)
  }

  var pixelValues: Int { channels + pixelGap }
  var rowValues: Int { width * pixelValues + rowGap }

  /// Fills the plane, and leaves what lies between its pixels and rows.
  ///
  /// - Parameter values: the values [row][column][channel].
  mutating func fill(_ values: [Value]) {
    for index in values.indices {
      let (pixel, channel) = (index / channels, index % channels)
      storage[pixel / width * rowValues + pixel % width * pixelValues + channel] = values[index]
    }
  }

  func withInput(_ body: (InputPlane) -> Void) {
    let size = MemoryLayout<Value>.stride
    withGuarded(storage) { values in
      body(
        InputPlane(base: UnsafeRawPointer(values), pixelBytes: pixelValues * size, rowBytes: rowValues * size))
    }
  }

  mutating func withOutput(_ body: (OutputPlane) -> Void) {
    let size = MemoryLayout<Value>.stride
    let (pixelBytes, rowBytes) = (pixelValues * size, rowValues * size)
    withGuarded(&storage) { values in
      body(OutputPlane(base: UnsafeMutableRawPointer(values), pixelBytes: pixelBytes, rowBytes: rowBytes))
    }
  }

  /// The first row, and then all others: how threads share a pass.
  var parts: [Range<Int>] { height > 1 ? [0..<1, 1..<height] : [0..<height] }
}

extension TestPlane where Value: FixedWidthInteger {
  /// Random numbers with the extremes among them.
  static func random(height: Int, width: Int, channels: Int, _ numbers: inout TestNumbers) -> TestPlane {
    TestPlane(
      randomValues(height * width * channels, &numbers), height: height, width: width, channels: channels,
      untouched: 77)
  }

  /// The numbers, [row][column][channel].
  var values: [Int] {
    var values: [Int] = []
    for pixel in 0..<height * width {
      let first = pixel / width * rowValues + pixel % width * pixelValues
      for channel in 0..<channels { values.append(Int(storage[first + channel])) }
    }
    return values
  }
}

extension TestPlane<Int8> {
  /// The plane as an instruction set stores it.
  func flipped(_ flip: Int8) -> TestPlane {
    var plane = self
    plane.storage = storage.map { $0 ^ flip }
    return plane
  }
}

func randomValues<Value: FixedWidthInteger>(_ count: Int, _ numbers: inout TestNumbers) -> [Value] {
  var values: [Value] = []
  for _ in 0..<count {
    values.append(
      numbers.choice([
        Value(numbers.integer(Int(Value.min)...Int(Value.max))), Value(numbers.integer(-100...100)), .min, .max, 0, 1,
      ]))
  }
  return values
}
