import CSIMD

/// Per-channel numbers of a requantisation, all in the packed channel order (a multiple of 16 of them).
///
/// `q = clamp(roundToNearestEven(Float(sum + bias) · m) + zero)` with `m = sum + bias < 0 ? negative : positive`: one
/// conversion, one multiplication, one rounding, so that there is nothing that a machine could do differently. PReLU is the
/// choice of `m`.
public struct Requantisation: @unchecked Sendable {
  public var bias: UnsafePointer<Int32>
  public var positive: UnsafePointer<Float>
  public var negative: UnsafePointer<Float>

  @inlinable
  public init(bias: UnsafePointer<Int32>, positive: UnsafePointer<Float>, negative: UnsafePointer<Float>) {
    self.bias = bias
    self.positive = positive
    self.negative = negative
  }

  @inlinable @inline(__always)
  func scaled(_ sums: SIMD16<Int32>, block: Int) -> SIMD16<Float> {
    let channel = block &* 16
    let biased = sums &+ load(bias + channel)
    return csimd_float_from_int(biased)
      * csimd_select_by_sign(biased, load(positive + channel), load(negative + channel))
  }
}

/// Where a layer's output goes: one pixel is `pixelBytes` long, one row `rowBytes`.
public struct OutputPlane: @unchecked Sendable {
  public var base: UnsafeMutableRawPointer
  public var pixelBytes: Int
  public var rowBytes: Int

  @inlinable
  public init(base: UnsafeMutableRawPointer, pixelBytes: Int, rowBytes: Int) {
    self.base = base
    self.pixelBytes = pixelBytes
    self.rowBytes = rowBytes
  }

  @inlinable @inline(__always)
  func pixel(row: Int, column: Int) -> UnsafeMutableRawPointer {
    base + (row &* rowBytes &+ column &* pixelBytes)
  }
}

/// Requantises to int8 (stored XOR `flip`): the input of the next convolution.
public struct Int8Output: ConvolutionOutput {
  public var plane: OutputPlane
  public var requantisation: Requantisation
  /// Zero points, one per channel.
  public var zero: UnsafePointer<Int8>
  public var flip: Int8

  @inlinable
  public init(plane: OutputPlane, requantisation: Requantisation, zero: UnsafePointer<Int8>, flip: Int8) {
    self.plane = plane
    self.requantisation = requantisation
    self.zero = zero
    self.flip = flip
  }

  @inlinable @inline(__always)
  public func store(_ sums: SIMD16<Int32>, block: Int, row: Int, column: Int) {
    let rounded = roundToNearestEven(requantisation.scaled(sums, block: block), limit: 512)
    let quantised = csimd_clamp_i32(rounded &+ csimd_widen_i8(load(zero + block &* 16)), -128, 127)
    (plane.pixel(row: row, column: column) + block &* 16).storeBytes(
      of: csimd_narrow_to_i8(quantised) ^ SIMD16(repeating: flip), as: SIMD16<Int8>.self)
  }
}

/// Requantises to int16: a residual branch, the trunk itself, or the input of the next convolution.
public struct Int16Output: ConvolutionOutput {
  public var plane: OutputPlane
  public var requantisation: Requantisation
  /// What the values are clamped to, within −32768…32767: the sums of the next convolution rely on it.
  public var lowest: Int32
  public var highest: Int32

  @inlinable
  public init(
    plane: OutputPlane, requantisation: Requantisation, lowest: Int32 = -32768, highest: Int32 = 32767
  ) {
    self.plane = plane
    self.requantisation = requantisation
    self.lowest = lowest
    self.highest = highest
  }

  @inlinable @inline(__always)
  public func store(_ sums: SIMD16<Int32>, block: Int, row: Int, column: Int) {
    let rounded = roundToNearestEven(requantisation.scaled(sums, block: block), limit: 65536)
    (plane.pixel(row: row, column: column) + block &* 32).storeBytes(
      of: csimd_narrow_to_i16(csimd_clamp_i32(rounded, lowest, highest)), as: SIMD16<Int16>.self)
  }
}

/// Keeps `Float(sum + bias) · m`: the embedding before its norm.
public struct DequantisedOutput: ConvolutionOutput {
  public var plane: OutputPlane
  public var requantisation: Requantisation

  @inlinable
  public init(plane: OutputPlane, requantisation: Requantisation) {
    self.plane = plane
    self.requantisation = requantisation
  }

  @inlinable @inline(__always)
  public func store(_ sums: SIMD16<Int32>, block: Int, row: Int, column: Int) {
    (plane.pixel(row: row, column: column) + block &* 64).storeBytes(
      of: requantisation.scaled(sums, block: block), as: SIMD16<Float>.self)
  }
}

/// The float engine's epilogue: bias and PReLU (slopes of 1 where there is none).
public struct FloatOutput: ConvolutionOutput, @unchecked Sendable {
  public var plane: OutputPlane
  public var bias: UnsafePointer<Float>
  public var slopes: UnsafePointer<Float>

  @inlinable
  public init(plane: OutputPlane, bias: UnsafePointer<Float>, slopes: UnsafePointer<Float>) {
    self.plane = plane
    self.bias = bias
    self.slopes = slopes
  }

  @inlinable @inline(__always)
  public func store(_ sums: SIMD16<Float>, block: Int, row: Int, column: Int) {
    let channel = block &* 16
    let value = sums + load(bias + channel)
    (plane.pixel(row: row, column: column) + block &* 64).storeBytes(
      of: csimd_select_by_float_sign(value, value, value * load(slopes + channel)), as: SIMD16<Float>.self)
  }
}
