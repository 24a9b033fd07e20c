import SIMDKernels

/// A pass over a plane of a stage between two convolutions.
final class PassBenchmark {
  enum Pass: String, CaseIterable {
    case toInt8 = "int16 to int8"
    case add = "sum of int16"
    case sums = "sums over pixels of int16"
    case scaleFloats = "affine map of float"
    case addFloats = "sum of float"
    case floatSums = "sums over pixels of float"
  }

  private let pass: Pass
  private let side: Int
  private let channels: Int
  private let kernels: KernelTable
  /// Two planes without a border, and one with a border of one pixel, each large enough for float.
  private let plane: UnsafeMutableRawPointer
  private let other: UnsafeMutableRawPointer
  private let bordered: UnsafeMutableRawPointer
  /// One number for each channel, and the sums over pixels.
  private let numbers: UnsafeMutableRawPointer
  private let sums: UnsafeMutableRawPointer

  init(_ pass: Pass, side: Int, channels: Int, _ kernels: KernelTable) {
    self.pass = pass
    self.side = side
    self.channels = channels
    self.kernels = kernels
    plane = zeros(side * side * channels * 4)
    other = zeros(side * side * channels * 4)
    bordered = zeros((side + 2) * (side + 2) * channels * 4)
    numbers = zeros(channels * 4)
    sums = zeros(channels * 4)
  }

  deinit {
    for memory in [plane, other, bordered, numbers, sums] { memory.deallocate() }
  }

  var values: Int { side * side * channels }

  func run() {
    let numbers = UnsafePointer(numbers.assumingMemoryBound(to: Float.self))
    let rows = 0..<side
    switch pass {
    case .toInt8:
      let conversion = Conversion(
        input: InputPlane(plane(valueBytes: 2)), width: side, channels: channels, scale: numbers, offset: numbers,
        output: borderedPlane(valueBytes: 1))
      kernels.planes.conversions.int16ToInt8(conversion, nil, rows)
    case .add:
      let plane = plane(valueBytes: 2)
      let sum = SumPass(
        branch: operand(other, valueBytes: 2), factor: numbers, base: SumOperand(plane: InputPlane(plane)),
        output: plane, width: side, channels: channels)
      kernels.planes.sums.add(sum, rows)
    case .sums: kernels.planes.sums.pixelsOfInt16(planeSums(valueBytes: 2), 0..<channels / 16)
    case .scaleFloats:
      let scaling = FloatAffinePass(
        input: InputPlane(plane(valueBytes: 4)), width: side, channels: channels, scale: numbers, shift: numbers,
        output: borderedPlane(valueBytes: 4))
      kernels.planes.floats.scale(scaling, rows)
    case .addFloats:
      let plane = plane(valueBytes: 4)
      let sum = FloatSumPass(
        branch: operand(other, valueBytes: 4), factor: numbers, base: SumOperand(plane: InputPlane(plane)),
        output: plane, width: side, channels: channels)
      kernels.planes.sums.addFloat(sum, rows)
    case .floatSums: kernels.planes.sums.pixelsOfFloat(planeSums(valueBytes: 4), 0..<channels / 16)
    }
  }

  private func plane(valueBytes: Int) -> OutputPlane {
    let pixelBytes = channels * valueBytes
    return OutputPlane(base: plane, pixelBytes: pixelBytes, rowBytes: side * pixelBytes)
  }

  private func borderedPlane(valueBytes: Int) -> OutputPlane {
    let pixelBytes = channels * valueBytes
    return OutputPlane(
      base: bordered + (side + 3) * pixelBytes, pixelBytes: pixelBytes, rowBytes: (side + 2) * pixelBytes)
  }

  private func operand(_ memory: UnsafeMutableRawPointer, valueBytes: Int) -> SumOperand {
    let pixelBytes = channels * valueBytes
    return SumOperand(plane: InputPlane(base: memory, pixelBytes: pixelBytes, rowBytes: side * pixelBytes))
  }

  private func planeSums<Sum>(valueBytes: Int) -> PlaneSums<Sum> {
    PlaneSums(
      input: InputPlane(plane(valueBytes: valueBytes)), height: side, width: side,
      sums: sums.assumingMemoryBound(to: Sum.self))
  }
}
